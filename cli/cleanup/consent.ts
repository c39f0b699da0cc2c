import type { CleanupPolicy } from "../../config/cleanupPolicy";
import type { TagInfo } from "../gitlab/containerRegistry";
import { createKeepTest } from "./plan";
import type { RunningRelease } from "./runningReleases";

/** What the user agrees to besides the policy itself; each part has a flag of its own. */
export interface NamedConsent {
  /** Whether to replace another policy that is on in GitLab. */
  readonly replacePolicy: boolean;
  /** Paths of repositories that no stack uses, which the policy may apply to. */
  readonly include: readonly string[];
}

/** An effect of the policy that `--yes` alone does not agree to. */
export interface ConsentNeeded {
  /** A sentence for the question, and for the refusal. */
  readonly reason: string;
  /** The flag that agrees to it beforehand. */
  readonly flag: string;
}

/**
 * Repositories that Slipway creates below a stack's own: the build cache, and the images of review
 * environments, whose stacks are in a state of their own.
 */
const ownRepositories = ["", "/cache", "/review", "/review/cache"];

/**
 * Finds the effects of a policy that `--yes` alone does not agree to. A policy that is off deletes nothing, so
 * the repositories do not matter for it.
 *
 * @param current the policy that GitLab has
 * @param repositories tags by the path of their repository
 */
export function findConsentNeeded(
  policy: CleanupPolicy,
  current: CleanupPolicy,
  repositories: ReadonlyMap<string, readonly TagInfo[]>,
  releases: readonly RunningRelease[],
): ConsentNeeded[] {
  const needed: ConsentNeeded[] = [];
  if (current.enabled) {
    needed.push({
      reason: "It replaces another policy, which is on in GitLab.",
      flag: "--replace-policy",
    });
  }
  if (!policy.enabled) return needed;
  const used = new Set(releases.flatMap(({ path }) => ownRepositories.map((name) => path + name)));
  const isKept = createKeepTest(policy);
  for (const [path, tags] of repositories) {
    if (used.has(path)) continue;
    const expiring = tags.filter(({ name }) => !isKept(name)).length;
    needed.push({
      reason: `It applies to \`${path}\` too, which no stack of this Pulumi project uses. By name, the policy can delete ${expiring} of its ${tags.length} tags.`,
      flag: `--include ${path}`,
    });
  }
  return needed;
}

/** The parts of `needed` that no flag agrees to. */
export function withoutConsent(
  needed: readonly ConsentNeeded[],
  { include, replacePolicy }: NamedConsent,
): ConsentNeeded[] {
  const given = include.map((path) => `--include ${path}`);
  if (replacePolicy) given.push("--replace-policy");
  return needed.filter(({ flag }) => !given.includes(flag));
}
