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

/**
 * Computes the number of forced rotations with which the next update replaces the token that is not in use. If
 * rotations of the calendar are due too, an odd number of them would by itself switch to the other slot: then the
 * forced one must not switch back.
 *
 * @param rotation number of forced rotations so far
 * @param inUse expiry of the token in use, as RFC 3339 time; undefined if unknown
 */
export function computeNextRotation(
  rotation: number,
  window: RotationPeriod,
  rotateEveryDays: number,
  inUse: string | undefined,
): number {
  const left = inUse === undefined ? 0 : Date.parse(window.expiresAt) - Date.parse(inUse);
  const due = Math.round(left / (rotateEveryDays * millisecondsPerDay));
  return rotation + (due % 2 === 0 ? 1 : 2);
}

/** RFC 3339, to the second. */
function formatTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
