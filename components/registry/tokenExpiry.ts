import type { RotationPeriod } from "./rotationPeriod";

/** Default days before a token expires from which a warning is logged. */
export const defaultWarnDays = 14;

/** A message about a token's expiry. */
export interface ExpiryMessage {
  readonly severity: "info" | "warn";
  readonly text: string;
}

/** The token in use, and the expiry of the wanted one. */
export interface TokenInUse {
  /** Subject of the message: "The pull token". */
  readonly subject: string;

  /** Expiry, as RFC 3339 time. */
  readonly expiresAt: string;

  /** Expiry of the token that this run wants in use; equal if it is the same token. */
  readonly wanted: string;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * Describes that the token in use is about to be rotated, or that it expires soon; undefined if neither is so.
 *
 * @param warnDays days before its expiry from which the message is a warning
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
      ? `expires in ${formatDays(left)}, at ${token.expiresAt}`
      : `expired at ${token.expiresAt}, and GitLab refuses it`;
  const remedy = isRotated
    ? `This update replaces it by one that expires at ${token.wanted}.`
    : "Create a new one and configure it in `credentials`.";
  return {
    severity: isUrgent ? "warn" : "info",
    text: `${isRotated ? "rotation due: " : ""}${token.subject} ${ends}. ${remedy}`,
  };
}

/**
 * Finds out whether a new token expires before the next rotation, which would leave days without a token. The
 * machine's clock may be wrong, or GitLab may limit the lifetime of tokens.
 */
export function findLifetimeProblem(
  subject: string,
  expiresAt: string,
  window: RotationPeriod,
): string | undefined {
  if (Date.parse(expiresAt) >= window.end.getTime()) return undefined;
  return `${subject} expires at ${expiresAt}, before it is due to be replaced at ${window.end.toISOString()}. Check this machine's clock, or set \`rotateEveryDays\` to less than GitLab's limit for tokens.`;
}

/** Formats a duration in days, rounded down. */
function formatDays(milliseconds: number): string {
  const days = Math.floor(milliseconds / millisecondsPerDay);
  if (days >= 1) return days === 1 ? "1 day" : `${days} days`;
  return "less than a day";
}
