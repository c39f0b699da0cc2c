import type { CleanupPolicy } from "../../config/cleanupPolicy";
import { compilePart, compileWhole } from "./expressions";
import type { TagInfo } from "../gitlab/containerRegistry";

/** Why a tag stays, or that it goes. */
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

/** What becomes of a tag. */
export interface Decision {
  readonly tag: TagInfo;
  readonly verdict: Verdict;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * Decides what a run of the policy does to each tag of a repository, in GitLab's order of rules. A tag
 * without a date, such as one of an index where GitLab has no metadata database, counts as made now: it
 * takes a place among the newest, and no age reaches it.
 *
 * @param protectedPatterns of the project's protected tags, which a policy leaves alone
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
  // GitLab names no order for those of one date. The last by name is as good as any.
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

/** Whether no run of the policy deletes a tag of that name, however old it gets. */
export function createKeepTest(policy: CleanupPolicy): (name: string) => boolean {
  const judgeName = createNameJudge(policy);
  return (name) => !policy.enabled || judgeName(name) !== undefined;
}

/** What a tag's name alone says of it; undefined where it may go. */
function createNameJudge(policy: CleanupPolicy): (name: string) => Verdict | undefined {
  const isToDelete = compileWhole(policy.nameRegexDelete);
  const isToKeep = compileWhole(policy.nameRegexKeep);
  return (name) => {
    if (name === "latest") return "latest";
    if (!isToDelete(name)) return "not to delete";
    return isToKeep(name) ? "to keep" : undefined;
  };
}
