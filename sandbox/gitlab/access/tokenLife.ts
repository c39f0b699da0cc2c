/** How long a token lives that took the place of another, unless it is told. */
export const rotatedLifeDays = 7;

/** The longest life of a token, which is also what one gets that isn't told any. */
export const longestLifeDays = 365;

/** The day so many days after the instant's. */
export function shiftDays(instant: Date, days: number): string {
  const shifted = new Date(instant);
  shifted.setUTCDate(shifted.getUTCDate() + days);
  return shifted.toISOString().slice(0, 10);
}

/** What is wrong with a token's last day. One that is over is none: the token is dead from the start. */
export function findExpiryProblem(now: Date, expiresAt: string | undefined): string | undefined {
  const last = shiftDays(now, longestLifeDays);
  return expiresAt !== undefined && expiresAt > last
    ? `Expires at must be before ${last}`
    : undefined;
}
