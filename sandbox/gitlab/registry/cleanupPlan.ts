import { parseDuration } from "../model/duration";
import { compileExpression, type Expression } from "../regex";

/** Rules that select tags for deletion, from a cleanup policy or a bulk deletion. */
export interface CleanupRules {
  readonly nameRegexDelete: string | null;
  readonly nameRegexKeep: string | null;
  readonly keepN: number | null;
  readonly olderThan: string | null;
}

/** A tag and the creation date of its image; null for an index, and for anything else without a date. */
export interface DatedTag {
  readonly name: string;
  readonly createdAt: string | null;
}

/** Why a tag is kept or deleted. */
export type Verdict =
  | "latest"
  | "no match to delete"
  | "match to keep"
  | "among the newest"
  | "not old enough"
  | "no date"
  | "protected"
  | "deleted";

/** The decision about a tag. */
export interface Decision extends DatedTag {
  readonly verdict: Verdict;
}

/** Invalid rules, which GitLab notices only when it runs them. */
export class CleanupRulesError extends Error {
  override readonly name = "CleanupRulesError";
}

/**
 * Decides about each tag, by GitLab's rules in their order:
 *
 * - An expression must match the whole name, since GitLab puts it between `\A` and `\z`. But GitLab adds no
 *   parentheses, so `a|b` matches names that begin with `a` or end with `b`.
 * - The newest tags are found by the image's creation date, not by the date of the push. A tag without a date, such
 *   as an index, counts as created now, and therefore takes the place of an image among the newest.
 * - For the same reason a tag without a date is never older than an age. If the rules have an age, such tags are kept
 *   forever; otherwise the first of them by name is deleted first.
 * - GitLab has no order for images with the same date. Here the last by name counts as the newest.
 *
 * Images of a reproducible build have the date 1970, so they count as the oldest.
 *
 * @param isProtected whether the user may not delete the tag
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
  // With a negative number, GitLab's comparison finds every tag to be after the kept ones.
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

/** Compiles an expression for the whole name. An empty one matches only an empty name, which no tag has. */
function compileWhole(pattern: string | null): Expression {
  return compileExpression(`\\A${pattern ?? ""}\\z`);
}
