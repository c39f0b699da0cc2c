import { findDangers, findTaggedReleases } from "../cleanup/runningReleases";
import type { GitLabClient } from "../gitlab/client";
import { ContainerRegistry } from "../gitlab/containerRegistry";
import { GitLabError } from "../gitlab/gitlabError";
import type { Inspection } from "./inspection";
import type { Finding } from "./step";

/** Finds out whether GitLab's own cleanup policy would delete what the stack runs. */
export async function findCleanupDangers(
  inspection: Inspection,
  client: GitLabClient,
): Promise<Finding[]> {
  const [release, stack] = [inspection.find("release"), inspection.find("stack")];
  if (release === undefined || stack === undefined) return [];
  const { path, project } = inspection.get("target");
  try {
    const registry = new ContainerRegistry(client, project);
    const policy = await registry.readPolicy();
    if (!policy.enabled) return [];
    const repository = (await registry.listRepositories()).find((one) => one.path === path);
    if (repository === undefined) return [];
    const tags = new Map([[path, await registry.listTags(repository)]]);
    const of = (digest: string, isKept: boolean) => ({ stack: stack.stack, digest, path, isKept });
    const kept = (release.kept ?? []).map((digest) => of(digest, true));
    const releases = [of(release.digest, false), ...kept];
    return findDangers(findTaggedReleases(releases, tags, policy), {}).map((cause) => ({
      cause,
      remedy: `npx slipway cleanup ${stack.stack}    # shows what the policy would delete`,
    }));
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    return [];
  }
}
