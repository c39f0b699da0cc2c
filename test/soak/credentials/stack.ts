import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, inSandbox, shell, type Ended } from "../../e2e/support/checkout";
import { configureStack } from "../../e2e/support/configuration";
import { host, project as gitlabProject, registry } from "../../e2e/support/gitlab";

/** Where a stack is kept. */
export interface StackPlace {
  /** Folder of Pulumi.yaml. */
  readonly folder: string;
  /** The name in it. */
  readonly project: string;
}

/** What a stack's state has of a resource. */
export interface StateResource {
  readonly type: string;
  readonly id?: string;
}

const here: StackPlace = { folder: checkout, project: "gatsby-site" };

/** A stack that a test makes beside `dev`, and takes away again. */
export class TestStack {
  private constructor(
    public readonly name: string,
    public readonly place: StackPlace,
  ) {}

  /** Makes it, with nothing deployed, also where an earlier run left one. */
  public static async create(
    name: string,
    values: Readonly<Record<string, unknown>>,
    place = here,
  ): Promise<TestStack> {
    const stack = new TestStack(name, place);
    const base = { "gitlab:baseUrl": `https://${host}/api/v4/` };
    writeFileSync(join(place.folder, `Pulumi.${name}.yaml`), JSON.stringify({ config: base }));
    stack.configure({ project: gitlabProject, registry, replicas: "1", tags: "none", ...values });
    await stack.remove();
    await stack.run(`pulumi stack init ${stack.fullName} --no-select`);
    return stack;
  }

  public get fullName(): string {
    return `organization/${this.place.project}/${this.name}`;
  }

  /** What its deploy tokens' names begin with. */
  public get tokenPrefix(): string {
    return `slipway/${this.place.project}/${this.name}/`;
  }

  /** Sets keys of its configuration, and removes those that are undefined. */
  public configure(values: Readonly<Record<string, unknown>>): void {
    configureStack(this.place.folder, this.name, values, this.place.project);
  }

  /** Runs a command in the program's folder, whether it succeeds or not. */
  public attempt(command: string): Promise<Ended> {
    return shell(`eval "$(make -s env)"; cd '${this.place.folder}'; ${command}`);
  }

  /** Runs a command there that has to succeed. */
  public run(command: string): Promise<string> {
    return inSandbox(`cd '${this.place.folder}'; ${command}`);
  }

  /** `slipway up`, which has to succeed; what is given before it is for the shell. */
  public up(before = ""): Promise<string> {
    return this.run(`${before} npx slipway up ${this.fullName} --yes -- --skip-preview`);
  }

  /** Fails unless a preview has nothing to change. */
  public expectNoChanges(before = ""): Promise<string> {
    return this.run(`${before} pulumi preview --stack ${this.fullName} --expect-no-changes`);
  }

  public async output(name: string): Promise<string> {
    return (await this.run(`pulumi stack output ${name} --stack ${this.fullName}`)).trim();
  }

  /** What the state has, without the stack itself. */
  public async resources(): Promise<StateResource[]> {
    const state = await this.run(`pulumi stack export --stack ${this.fullName}`);
    const { deployment } = JSON.parse(state) as { deployment: { resources?: StateResource[] } };
    return (deployment.resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack");
  }

  public destroy(before = ""): Promise<string> {
    return this.run(`${before} pulumi destroy --stack ${this.fullName} --yes --skip-preview`);
  }

  /** Takes it away, with all that it made. */
  public async remove(): Promise<void> {
    const { name } = this;
    const state = join(checkout, ".sandbox/test/pulumi/state/.pulumi/stacks", this.place.project);
    if (!existsSync(join(state, `${name}.json`))) return;
    await this.attempt(`pulumi cancel --stack ${this.fullName} --yes`);
    await this.destroy();
    await this.run(`pulumi stack rm --stack ${this.fullName} --yes --preserve-config`);
  }
}
