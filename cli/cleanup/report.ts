import type { CleanupPolicy } from "../../config/cleanupPolicy";
import { renderTable } from "../table";
import type { Decision, Verdict } from "./plan";
import type { TaggedRelease } from "./runningReleases";

/** What the policy does to the tags of a repository. */
export interface RepositoryPlan {
  readonly path: string;
  readonly decisions: readonly Decision[];
}

/** How many of the tags to delete are listed for a repository. */
const listedTags = 20;
const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** The fields in which two policies differ. */
export function listDifferences(one: CleanupPolicy, other: CleanupPolicy): string[] {
  return fields.filter((field) => one[field] !== other[field]);
}

/** A table of two policies: the configured one, and the one in GitLab. */
export function renderPolicy(configured: CleanupPolicy, current: CleanupPolicy): string {
  const different = listDifferences(configured, current);
  const rows = fields.map((field) => [
    field,
    describeValue(configured, field),
    different.includes(field) ? describeValue(current, field) : "the same",
  ]);
  return renderTable([["", "configured", "in GitLab now"], ...rows]);
}

/** What the policy would do now, with a paragraph for each repository. */
export function renderPlan(plans: readonly RepositoryPlan[], now: Date): string {
  if (plans.length === 0) return "The registry has no repositories, so there is nothing to delete.";
  return plans.map((plan) => renderRepository(plan, now)).join("\n");
}

/** For each running release, the tags that keep it. */
export function renderReleases(tagged: readonly TaggedRelease[]): string[] {
  return tagged.map(({ digest, isKept, isOtherProject, kept, expiring, path, stack }) => {
    const what = `\`${stack}\` ${isKept ? "keeps files of" : "runs"} ${digest}`;
    if (isOtherProject) return `${what} of ${path}, which is not a repository of this project.`;
    if (kept.length > 0) return `${what}, kept by ${kept.join(", ")}.`;
    return expiring.length > 0
      ? `${what}, which no tag keeps.`
      : `${what}. No tag that GitLab can read points to it, so no policy keeps or deletes it.`;
  });
}

const fields = [
  "enabled",
  "cadence",
  "keepN",
  "olderThan",
  "nameRegexDelete",
  "nameRegexKeep",
] as const satisfies readonly (keyof CleanupPolicy)[];

function describeValue(policy: CleanupPolicy, field: keyof CleanupPolicy): string {
  return String(policy[field] || (field === "enabled" ? "false" : "none"));
}

function renderRepository({ decisions, path }: RepositoryPlan, now: Date): string {
  const deleted = decisions.filter(({ verdict }) => verdict === "deleted");
  const tags = decisions.length === 1 ? "1 tag" : `${decisions.length} tags`;
  const lines = [`${path}: ${tags}, ${deleted.length} to delete`];
  if (deleted.length > 0) {
    const named = deleted.slice(0, listedTags).map(({ tag }) => describeTag(tag, now));
    const rest = deleted.length - named.length;
    lines.push(`  delete ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`);
  }
  for (const [verdict, reason] of Object.entries(reasons) as [keyof typeof reasons, string][]) {
    const count = decisions.filter((decision) => decision.verdict === verdict).length;
    if (count > 0) lines.push(`  keep ${count}: ${reason}`);
  }
  return lines.join("\n");
}

const reasons: Readonly<Record<Exclude<Verdict, "deleted">, string>> = {
  latest: "`latest`, which GitLab never deletes",
  "to keep": "`nameRegexKeep` matches",
  "not to delete": "`nameRegexDelete` does not match",
  unreadable: "GitLab can't read what the tag points to",
  "among the newest": "among the newest, by `keepN`",
  "no date": "no date in GitLab, so `olderThan` never applies",
  "not old enough": "not older than `olderThan`",
  protected: "protected in GitLab",
};

function describeTag({ createdAt, name }: Decision["tag"], now: Date): string {
  if (createdAt === undefined) return name;
  const days = Math.floor((now.getTime() - Date.parse(createdAt)) / millisecondsPerDay);
  return `${name} (${days} d)`;
}
