import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { World } from "../../sandbox/gitlab/support/world";

/** A project's folder, and the GitLab that its stacks use. */
export interface GitLabProject {
  readonly world: World;
  /** Folder of Pulumi.yaml; it is there while tests run. */
  readonly cwd: string;
}

/** Runs a file's tests with a GitLab, in a folder with a Pulumi.yaml. */
export function inGitLabProject(): GitLabProject {
  const world = new World();
  const cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  beforeAll(async () => {
    writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
    await world.start();
  });
  afterAll(async () => {
    await world.stop();
    rmSync(cwd, { recursive: true });
  });
  return { world, cwd };
}
