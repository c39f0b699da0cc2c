import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { cleanup, type CleanupOptions } from "../../../../cli/commands/cleanup";
import { pushImage } from "../../../sandbox/gitlab/registry/support/push";
import { RealRegistry } from "../../../sandbox/gitlab/registry/support/realRegistry";
import { tokenOf, type World } from "../../../sandbox/gitlab/support/world";
import { FakeIo, type FakeStack } from "../../../support/cli";

/** Path of the project and of its first repository. */
export const site = "web/gatsby-site";
const dayMs = 86_400_000;

/** A GitLab with a registry, and a folder in which `slipway cleanup` runs. */
export class CleanupWorld {
  public io = new FakeIo({});
  private readonly registry = new RealRegistry();
  public readonly cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));

  public static async start(): Promise<CleanupWorld> {
    const world = new CleanupWorld();
    writeFileSync(join(world.cwd, "Pulumi.yaml"), "name: gatsby-site\n");
    await world.registry.start();
    return world;
  }

  public async stop(): Promise<void> {
    await this.registry.stop();
    rmSync(this.cwd, { recursive: true });
  }

  /** The simulated GitLab. */
  public get gitlab(): World {
    return this.registry.world;
  }

  /** The registry's host. */
  public get host(): string {
    return this.registry.host;
  }

  /** Pushes an image that was created some days ago, and returns its digest. */
  public async push(tag: string, days: number, path = site): Promise<string> {
    const created = new Date(this.gitlab.now.getTime() - days * dayMs).toISOString();
    // Tags of different ages have different digests.
    const options = { created, layers: [`${days}`] };
    return (await pushImage(this.gitlab.state.images, path, tag, options)).digest;
  }

  /** A stack that runs a digest. */
  public running(digest: string): FakeStack {
    return { outputs: { digest, image: `${this.host}/${site}@${digest}` } };
  }

  /** Configures the policy, and says which stacks there are. */
  public prepare(policy: object | undefined, stacks: Record<string, FakeStack> = {}): void {
    const dev: FakeStack = {
      ...stacks.dev,
      config: {
        project: site,
        "gitlab:baseUrl": `${this.gitlab.address}/api/v4/`,
        ...(policy && { cleanupPolicy: JSON.stringify(policy) }),
      },
    };
    this.io = new FakeIo({ ...stacks, dev });
    const offset = String((this.gitlab.now.getTime() - Date.now()) / 1000);
    this.io.env = { GITLAB_TOKEN: tokenOf("maintainer"), SLIPWAY_CLOCK_OFFSET_SECONDS: offset };
  }

  /** Runs `slipway cleanup`. */
  public run(options: Partial<CleanupOptions> = {}): Promise<boolean> {
    const flags = { apply: false, yes: false, replacePolicy: false };
    return cleanup({ cwd: this.cwd, ...flags, without: [], include: [], ...options }, this.io);
  }

  /** The policy that GitLab has. */
  public async readPolicy(): Promise<object> {
    const { body } = await this.gitlab.api("/projects/web%2Fgatsby-site", { as: "maintainer" });
    return (body as { container_expiration_policy: object }).container_expiration_policy;
  }
}
