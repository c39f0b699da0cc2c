/** Days between two rotations when nothing else is said. */
export const defaultRotateEveryDays = 60;

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * When a token that is created at `now` ends: at the end of the window after the current one.
 *
 * Windows are `rotateEveryDays` long and counted from 1970, so that the answer is the same on every run
 * within one window and a token lives for at least one full window and at most two.
 *
 * @returns RFC 3339 time without fractions of a second: GitLab's provider writes it so, and another
 *   spelling of the same instant would be a difference on every preview
 */
export function computeTokenExpiry(now: Date, rotateEveryDays: number): string {
  const window = Math.floor(now.getTime() / millisecondsPerDay / rotateEveryDays);
  const expiry = new Date((window + 2) * rotateEveryDays * millisecondsPerDay);
  return expiry.toISOString().replace(/\.\d+Z$/, "Z");
}
