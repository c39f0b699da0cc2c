import type { RotationPeriod } from "./rotationPeriod";

/** Days before a token's end from which it is warned of, when nothing else is said. */
export const defaultWarnDays = 14;

/** What to tell of a token. */
export interface ExpiryMessage {
  readonly severity: "info" | "warn";
  readonly text: string;
}

/** A token that is in use, and what shall be. */
export interface TokenInUse {
  /** What it is for, as it begins a sentence: "The pull token". */
  readonly subject: string;

  /** When it ends, as RFC 3339 time. */
  readonly expiresAt: string;

  /** When the one ends that this run wants in use. The same one if the two are equal. */
  readonly wanted: string;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * What to tell of a token that is in use: that it is about to be replaced, and how long it still lives where
 * that is not long. Nothing where neither is so.
 *
 * @param warnDays days before its end from which it is a warning
 */
export function describeExpiry(
  token: TokenInUse,
  now: Date,
  warnDays: number,
): ExpiryMessage | undefined {
  const left = Date.parse(token.expiresAt) - now.getTime();
  const isRotated = token.expiresAt !== token.wanted;
  const isUrgent = left <= warnDays * millisecondsPerDay;
  if (!isRotated && !isUrgent) return undefined;
  const ends =
    left > 0
      ? `ends in ${formatDays(left)}, at ${token.expiresAt}`
      : `ended at ${token.expiresAt}: whoever still has it is refused`;
  const remedy = isRotated
    ? `This update puts one in its place that ends at ${token.wanted}.`
    : "Have a new one made, and configure it in `credentials`.";
  return {
    severity: isUrgent ? "warn" : "info",
    text: `${isRotated ? "rotation due: " : ""}${token.subject} ${ends}. ${remedy}`,
  };
}

/**
 * What is wrong with a new token that GitLab gave: it ends before the next window begins, in which it would
 * be replaced, so that there would be days without one. The machine's clock may be wrong, or GitLab may
 * limit how long tokens live.
 */
export function findLifetimeProblem(
  subject: string,
  expiresAt: string,
  window: RotationPeriod,
): string | undefined {
  if (Date.parse(expiresAt) >= window.end.getTime()) return undefined;
  return `${subject} ends at ${expiresAt}, before it is due to be replaced at ${window.end.toISOString()}. Check this machine's clock, or set \`rotateEveryDays\` to less than GitLab lets a token live.`;
}

/** Days, rounded down; hours where there is not one whole day left. */
function formatDays(milliseconds: number): string {
  const days = Math.floor(milliseconds / millisecondsPerDay);
  if (days >= 1) return days === 1 ? "1 day" : `${days} days`;
  return "less than a day";
}
