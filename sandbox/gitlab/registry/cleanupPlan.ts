import { parseDuration } from "../model/duration";
import { compileExpression, type Expression } from "../regex";

/** What decides whether a tag is deleted: a cleanup policy's, or a bulk deletion's. */
export interface CleanupRules {
  readonly nameRegexDelete: string | null;
  readonly nameRegexKeep: string | null;
  readonly keepN: number | null;
  readonly olderThan: string | null;
}

/** A tag, and when its image was made; null for an index, and whatever else doesn't say it. */
export interface DatedTag {
  readonly name: string;
  readonly createdAt: string | null;
}

/** Why a tag stays, or that it goes. */
export type Verdict =
  | "latest"
  | "no match to delete"
  | "match to keep"
  | "among the newest"
  | "not old enough"
  | "no date"
  | "protected"
  | "deleted";

/** What becomes of a tag. */
export interface Decision extends DatedTag {
  readonly verdict: Verdict;
}

/** Rules that no run can follow, as GitLab finds out only while it runs. */
export class CleanupRulesError extends Error {
  override readonly name = "CleanupRulesError";
}

/**
 * Decides what becomes of each tag, in GitLab's order of rules:
 *
 * - An expression must match the whole name, since GitLab puts it between `\A` and `\z`; but with no
 *   parentheses around it, so `a|b` is what begins with `a` or ends with `b`.
 * - The newest are told by the date of the image, not of the push. One without a date, as every index is,
 *   counts as made now: it takes a place among the newest from images that have one.
 * - For the same reason nothing is ever older than an age without having a date: a tag of an index stays
 *   for good as soon as the rules name an age, and goes first to last by name when they don't.
 * - Among images of the same date GitLab knows no order. Here the last by name counts as the newest.
 *
 * Images that a build made repeatable are dated 1970: as images they are the oldest, however new.
 *
 * @param isProtected whether the one who asks may not delete the tag
 * @throws CleanupRulesError
 */
export function planCleanup(
  tags: readonly DatedTag[],
  rules: CleanupRules,
  now: Date,
  isProtected: (tag: string) => boolean,
): Decision[] {
  const isDeletable = compileWhole(rules.nameRegexDelete);
  const isKept = compileWhole(rules.nameRegexKeep);
  const verdicts = new Map<string, Verdict>();
  const candidates = tags.filter(({ name }) => {
    if (name === "latest") verdicts.set(name, "latest");
    else if (!isDeletable.finds(name)) verdicts.set(name, "no match to delete");
    else if (isKept.finds(name)) verdicts.set(name, "match to keep");
    return !verdicts.has(name);
  });

  const time = ({ createdAt }: DatedTag): number => Date.parse(createdAt ?? now.toISOString());
  const newestFirst = candidates
    .toSorted((one, other) => (one.name < other.name ? 1 : -1))
    .sort((one, other) => time(other) - time(one));
  // Below none GitLab's comparison finds every tag to be behind the kept ones.
  const kept = Math.max(0, rules.keepN ?? 0);
  const limit = computeLimit(rules.olderThan, now);
  for (const [index, tag] of newestFirst.entries()) {
    verdicts.set(tag.name, index < kept ? "among the newest" : judgeAge(tag, limit, isProtected));
  }
  return tags.map((tag) => ({ ...tag, verdict: verdicts.get(tag.name) ?? "deleted" }));
}

function judgeAge(
  { name, createdAt }: DatedTag,
  limit: number | undefined,
  isProtected: (tag: string) => boolean,
): Verdict {
  if (limit !== undefined) {
    if (createdAt === null) return "no date";
    if (Date.parse(createdAt) >= limit) return "not old enough";
  }
  return isProtected(name) ? "protected" : "deleted";
}

function computeLimit(olderThan: string | null, now: Date): number | undefined {
  if (olderThan === null || olderThan === "") return undefined;
  const age = parseDuration(olderThan);
  if (age === undefined) throw new CleanupRulesError(`"${olderThan}" is not an age.`);
  return now.getTime() - age;
}

/** Without an expression only the empty name would match, which no tag has. */
function compileWhole(pattern: string | null): Expression {
  return compileExpression(`\\A${pattern ?? ""}\\z`);
}
