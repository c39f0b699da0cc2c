import type { CleanupPolicy } from "../../config/cleanupPolicy";
import { compilePart, compileWhole } from "./expressions";
import type { TagInfo } from "../gitlab/containerRegistry";

/** Why the policy keeps a tag; `deleted` if it does not. */
export type Verdict =
  | "latest"
  | "not to delete"
  | "to keep"
  | "unreadable"
  | "among the newest"
  | "no date"
  | "not old enough"
  | "protected"
  | "deleted";

/** What the policy does to a tag. */
export interface Decision {
  readonly tag: TagInfo;
  readonly verdict: Verdict;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * Decides what the policy does to each tag of a repository, with GitLab's rules in GitLab's order. A tag
 * without a date, such as that of an index if GitLab has no metadata database, counts as created now: it
 * is among the newest, and `olderThan` never applies to it.
 *
 * @param protectedPatterns patterns of the project's protected tags, which no policy deletes
 * @see https://docs.gitlab.com/user/packages/container_registry/reduce_container_registry_storage/#cleanup-policy
 */
export function planCleanup(
  tags: readonly TagInfo[],
  policy: CleanupPolicy,
  protectedPatterns: readonly string[],
  now: Date,
): Decision[] {
  const judgeName = createNameJudge(policy);
  const verdicts = new Map<TagInfo, Verdict>();
  const candidates: TagInfo[] = [];
  for (const tag of tags) {
    const verdict = judgeName(tag.name) ?? (tag.digest === undefined ? "unreadable" : undefined);
    if (verdict === undefined) candidates.push(tag);
    else verdicts.set(tag, verdict);
  }

  const time = ({ createdAt }: TagInfo): number =>
    createdAt === undefined ? now.getTime() : Date.parse(createdAt);
  // GitLab documents no order for tags of the same date, so any order is right.
  const newestFirst = candidates
    .toSorted((one, other) => (one.name < other.name ? 1 : -1))
    .sort((one, other) => time(other) - time(one));
  const isProtected = protectedPatterns.map(compilePart);
  const { keepN, olderThan } = policy;
  const limit =
    olderThan === ""
      ? undefined
      : now.getTime() - Number.parseInt(olderThan, 10) * millisecondsPerDay;
  for (const [index, tag] of newestFirst.entries()) {
    if (index < keepN) verdicts.set(tag, "among the newest");
    else if (limit !== undefined && tag.createdAt === undefined) verdicts.set(tag, "no date");
    else if (limit !== undefined && time(tag) >= limit) verdicts.set(tag, "not old enough");
    else if (isProtected.some((matches) => matches(tag.name))) verdicts.set(tag, "protected");
  }
  return tags.map((tag) => ({ tag, verdict: verdicts.get(tag) ?? "deleted" }));
}

/** Creates a function that returns whether the policy keeps a tag of this name at any age. */
export function createKeepTest(policy: CleanupPolicy): (name: string) => boolean {
  const judgeName = createNameJudge(policy);
  return (name) => !policy.enabled || judgeName(name) !== undefined;
}

/** Creates a function that judges a tag by its name alone. It returns undefined if the tag can be deleted. */
function createNameJudge(policy: CleanupPolicy): (name: string) => Verdict | undefined {
  const isToDelete = compileWhole(policy.nameRegexDelete);
  const isToKeep = compileWhole(policy.nameRegexKeep);
  return (name) => {
    if (name === "latest") return "latest";
    if (!isToDelete(name)) return "not to delete";
    return isToKeep(name) ? "to keep" : undefined;
  };
}
