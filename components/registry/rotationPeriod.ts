import { createHash } from "node:crypto";

/** Days between two rotations when nothing else is said. */
export const defaultRotateEveryDays = 60;

/** The two places of a token in use; each holds the token of every other window. */
export const tokenSlots = ["a", "b"] as const;

/** One of two tokens, of which the newer one is used. */
export type TokenSlot = (typeof tokenSlots)[number];

/** A span of time in which the same tokens are in use. */
export interface RotationPeriod {
  /** Its number, one more than that of the window before. */
  readonly index: number;

  /** When the next window begins. */
  readonly end: Date;

  /**
   * When a token ends that is made in this window, as RFC 3339 time without fractions of a second: GitLab's
   * provider writes it so, and another spelling of the same instant would be a difference on every preview.
   */
  readonly expiresAt: string;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * The window that `now` is in. Windows begin at midnight UTC and are `rotateEveryDays` long; a token ends
 * with the window after its own, so it lives for more than one and at most two of them.
 *
 * @param owner whose windows these are, e.g. `project/stack`. Each owner's begin on days of their own, so
 *   that not every environment is given new tokens on the same day
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
 * The slot whose token is in use: they take turns, window by window and with every forced rotation. So a
 * new token never takes the place of one that is in use.
 */
export function computeTokenSlot(window: RotationPeriod, rotation: number): TokenSlot {
  return tokenSlots[Math.abs(window.index + rotation) % tokenSlots.length];
}

/** RFC 3339, to the second. */
function formatTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
