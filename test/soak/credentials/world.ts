import { inSandbox } from "../../e2e/support/checkout";
import { connectCluster, type TestCluster } from "../../e2e/support/cluster";
import { connectGitLab, type TestGitLab } from "../../e2e/support/gitlab";
import type { PullingPod } from "../../e2e/support/pod";
import { Calendar } from "../../e2e/support/rotation";
import { pull, type Pull } from "./pull";
import { type StackPlace, TestStack } from "./stack";

/** What all parts have in common: the sandbox, and the release of its stack `dev`. */
export class World {
  public gitlab!: TestGitLab;
  public cluster!: TestCluster;
  public calendar!: Calendar;
  public image!: string;
  private digest!: string;
  private readonly stacks: TestStack[] = [];

  public async open(): Promise<void> {
    this.gitlab = await connectGitLab();
    this.cluster = await connectCluster();
    this.calendar = new Calendar(this.gitlab);
    this.image = (await inSandbox("pulumi stack output image --stack dev")).trim();
    this.digest = (await inSandbox("pulumi stack output digest --stack dev")).trim();
  }

  public async close(): Promise<void> {
    for (const stack of this.stacks.reverse()) await stack.remove();
    // Whichever stack `pulumi stack rm` removes, none is selected after it: the sandbox's tests go by `dev`.
    await inSandbox("pulumi stack select organization/gatsby-site/dev");
    await this.calendar.close();
    await this.gitlab.close();
    await this.cluster.close();
  }

  /** Makes a stack that is pinned to the release, unless its values say otherwise. It goes in the end. */
  public async createStack(
    name: string,
    values: Readonly<Record<string, unknown>> = {},
    place?: StackPlace,
  ): Promise<TestStack> {
    const stack = await TestStack.create(name, { digest: this.digest, ...values }, place);
    this.stacks.push(stack);
    return stack;
  }

  /** Runs a pod that has to pull the release, unless it names another image. */
  public pull(namespace: string, pod: Partial<PullingPod>): Promise<Pull> {
    return pull(this, namespace, { image: this.image, ...pod });
  }
}
