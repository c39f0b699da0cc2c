import { removeDirtySuffix, shortCommitLength } from "../../components/image/revision";
import type { ReleaseOverview, StackOverview } from "./overview";

/** How a stack is, in the order of how much it needs a person. */
export type Condition =
  "unreadable" | "drift" | "unready" | "empty" | "behind" | "partly known" | "fine";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Renders an age, such as `3 h`. */
export function describeAge(seconds: number): string {
  if (seconds < minute) return `${seconds} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)} h`;
  return `${Math.floor(seconds / day)} d`;
}

/** The version of a release, or else its commit; empty if both are unknown. */
export function nameRelease({ commit, version }: ReleaseOverview): string {
  if (version !== "") return version;
  const short = removeDirtySuffix(commit).slice(0, shortCommitLength);
  return removeDirtySuffix(commit) === commit ? short : `${short}-dirty`;
}

/** The first eight characters of a digest's number. */
export function shortenDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, shortCommitLength);
}

/** Finds what matters most about a stack. */
export function findCondition(stack: StackOverview): Condition {
  const { drift, pods, problems, promotion, release } = stack;
  if (problems.some(({ part }) => part === "stack")) return "unreadable";
  if (drift.length > 0) return "drift";
  if (release === undefined) return "empty";
  if (pods !== undefined && pods.ready < pods.wanted) return "unready";
  if (promotion?.isBehind) return "behind";
  return problems.length > 0 ? "partly known" : "fine";
}

/** Describes a stack in a few words. */
export function describeCondition(stack: StackOverview): string {
  const condition = findCondition(stack);
  switch (condition) {
    case "unreadable":
      return "unreachable";
    case "empty":
      return "nothing deployed";
    case "unready":
      return stack.pods?.waiting.at(0) ?? "pods not ready";
    case "behind":
      // A roll-back's pin: it is behind because somebody wants it so.
      return `${stack.pin === undefined ? "" : "pinned, "}${describeBehind(stack)}`;
    case "partly known":
      return describeUnknown(stack);
    case "drift":
      return stack.drift[0].kind;
    case "fine":
      return "ok";
    default:
      return condition satisfies never;
  }
}

function describeUnknown({ problems }: StackOverview): string {
  const parts = problems.map(({ part }) => part);
  return parts.includes("sandbox") ? "sandbox stopped" : `no answer: ${parts.join(", ")}`;
}

/** Describes how a stack differs from the one that its releases come from; empty if it does not. */
function describeBehind({ promotion, release }: StackOverview): string {
  if (!promotion?.isBehind) return "";
  const { added, from, isKnown, removed } = promotion;
  if (release === undefined || !isKnown) return `differs from ${from}`;
  if (added.length > 0) return `${added.length} behind ${from}`;
  return removed.length > 0 ? `${removed.length} ahead of ${from}` : `differs from ${from}`;
}

/** Renders how many days a token has left. */
export function describeDaysLeft(days: number): string {
  return days < 0 ? "expired" : `${days} d`;
}
