import { createHash } from "node:crypto";

/** Default days between rotations. */
export const defaultRotateEveryDays = 60;

/** The two pull tokens, which take turns. */
export const tokenSlots = ["a", "b"] as const;

/** One of two tokens, of which the newer one is used. */
export type TokenSlot = (typeof tokenSlots)[number];

/** A period in which the same tokens are in use. */
export interface RotationPeriod {
  /** Number of the period, counted up. */
  readonly index: number;

  /** Start of the next period. */
  readonly end: Date;

  /**
   * Expiry of a token that is created in this period, as RFC 3339 time without fractions of a second: GitLab's
   * provider writes it so, and another spelling would be a change in every preview.
   */
  readonly expiresAt: string;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * Computes the period that `now` is in. Periods start at midnight UTC and last `rotateEveryDays`. A token expires
 * with the period after its own, so it is valid for more than one and at most two periods.
 *
 * @param owner `project/stack`; its hash shifts the periods, so that not all environments rotate on the same day
 */
export function computeRotationPeriod(
  now: Date,
  rotateEveryDays: number,
  owner: string,
): RotationPeriod {
  const offset = createHash("sha256").update(owner).digest().readUInt32BE() % rotateEveryDays;
  const days = now.getTime() / millisecondsPerDay - offset;
  const index = Math.floor(days / rotateEveryDays);
  const beginOf = (window: number): Date =>
    new Date((window * rotateEveryDays + offset) * millisecondsPerDay);
  return {
    index,
    end: beginOf(index + 1),
    expiresAt: formatTime(beginOf(index + 2)),
  };
}

/**
 * Computes the slot of the token in use: the slots take turns with each period and each forced rotation, so that a
 * new token never replaces the one in use.
 */
export function computeTokenSlot(window: RotationPeriod, rotation: number): TokenSlot {
  return tokenSlots[Math.abs(window.index + rotation) % tokenSlots.length];
}

/** RFC 3339, to the second. */
function formatTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
