import type { GitLab } from "../gitlab";
import type { ContainerRepository } from "../model/containerRepositories";
import type { User } from "../model/users";
import { CleanupRulesError, planCleanup, type CleanupRules, type Decision } from "./cleanupPlan";
import { deleteTags } from "./deletion";
import { readTag } from "./images";
import { isTagProtected } from "./protection";
import { locate } from "./repositories";

/** Returns what the rules would do to the repository's tags now, as the user or, for a policy, without one. */
export async function explainCleanup(
  gitlab: GitLab,
  repository: ContainerRepository,
  user: User | undefined,
  rules: CleanupRules,
): Promise<Decision[]> {
  const { project, path } = locate(gitlab, repository);
  const tags = [];
  for (const name of await gitlab.images.listTags(path)) {
    const details = await readTag(gitlab.images, path, name);
    // A tag without a manifest can't be deleted.
    if (details !== undefined) tags.push({ name, createdAt: details.createdAt });
  }
  return planCleanup(tags, rules, gitlab.now(), (tag) =>
    isTagProtected(gitlab, project, tag, user),
  );
}

/** Deletes the tags that the rules select. Invalid rules delete nothing. */
export async function cleanUp(
  gitlab: GitLab,
  repository: ContainerRepository,
  user: User | undefined,
  rules: CleanupRules,
): Promise<Decision[]> {
  const { path } = locate(gitlab, repository);
  const event = { action: "cleanup", actor: user?.username, target: path };
  try {
    const decisions = await explainCleanup(gitlab, repository, user, rules);
    const deleted = decisions
      .filter(({ verdict }) => verdict === "deleted")
      .map(({ name }) => name);
    await deleteTags(gitlab, repository, deleted);
    gitlab.events.record({ ...event, details: { rules, deleted } });
    return decisions;
  } catch (error) {
    if (!(error instanceof CleanupRulesError)) throw error;
    gitlab.events.record({ ...event, details: { rules, deleted: [], error: error.message } });
    return [];
  }
}
