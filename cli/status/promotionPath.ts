import { shortenStackName } from "../../components/release/stackName";
import { findCommits } from "../release/commits";
import type { CommandContext } from "../io";
import type { PromotionOverview } from "./overview";
import type { StackFacts } from "./stackFacts";

type Stage = Pick<StackFacts, "promoteFrom" | "release" | "stack">;

/** Sorts stacks in the order in which a release goes through them: each follows the one that it takes from. */
export function sortByPath<T extends Pick<StackFacts, "promoteFrom" | "stack">>(
  stacks: readonly T[],
): T[] {
  const byName = [...stacks].sort((a, b) => a.stack.localeCompare(b.stack, "en"));
  const isFrom = (stack: T, source: T): boolean =>
    stack.promoteFrom !== undefined && isSame(stack.promoteFrom, source);
  const sorted = new Set<T>();
  const add = (stack: T): void => {
    // Also ends at stacks that take from each other.
    if (sorted.has(stack)) return;
    sorted.add(stack);
    byName.filter((next) => isFrom(next, stack)).forEach(add);
  };
  const starts = byName.filter((stack) => !byName.some((source) => isFrom(stack, source)));
  // Paths first, then stacks by themselves, such as review environments.
  starts.filter((stack) => byName.some((next) => isFrom(next, stack))).forEach(add);
  byName.forEach(add);
  return [...sorted];
}

/**
 * Finds how a stack differs from the one that its releases come from.
 *
 * @returns undefined if it takes no releases, or if one of the two releases is unknown
 */
export async function findPromotion(
  { promoteFrom, release }: Stage,
  stacks: readonly Stage[],
  cwd: string,
  io: Pick<CommandContext, "capture">,
): Promise<PromotionOverview | undefined> {
  const source = stacks.find((stack) => promoteFrom !== undefined && isSame(promoteFrom, stack));
  if (source?.release === undefined) return undefined;
  const from = shortenStackName(source.stack);
  const none = { from, added: [], removed: [] };
  if (release?.digest === source.release.digest) {
    return { ...none, isBehind: false, isKnown: true };
  }
  if (release === undefined) return { ...none, isBehind: true, isKnown: false };
  const range = await findCommits(io, cwd, release.commit, source.release.commit);
  return { ...none, ...range, isBehind: true, isKnown: range !== undefined };
}

function isSame(name: string, { stack }: Pick<StackFacts, "stack">): boolean {
  return shortenStackName(name) === shortenStackName(stack);
}
