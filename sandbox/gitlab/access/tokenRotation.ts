import { badRequest } from "../errors";
import type { GitLab } from "../gitlab";
import type { AccessToken } from "../model/accessTokens";

/** Lifetime of a rotated token if the request names no day. */
const rotatedLifeDays = 7;

/** Longest lifetime of a token, which is also its lifetime if the request names no day. */
export const longestLifeDays = 365;

/** Returns the day that is this many days after the instant. */
export function shiftDays(instant: Date, days: number): string {
  const shifted = new Date(instant);
  shifted.setUTCDate(shifted.getUTCDate() + days);
  return shifted.toISOString().slice(0, 10);
}

/** Returns the problem of a token's expiry date. A past date is allowed: the token is then created expired. */
export function findExpiryProblem(now: Date, expiresAt: string | undefined): string | undefined {
  const last = shiftDays(now, longestLifeDays);
  return expiresAt !== undefined && expiresAt > last
    ? `Expires at must be before ${last}`
    : undefined;
}

/** Creates a token that replaces this one, and revokes this one. The default lifetime is a week. */
export function rotateToken(
  gitlab: GitLab,
  token: AccessToken,
  expiresAt: string | undefined,
): AccessToken & { readonly value: string } {
  const problem = findExpiryProblem(gitlab.now(), expiresAt);
  if (problem !== undefined) throw badRequest(problem);
  gitlab.accessTokens.revoke(token);
  return gitlab.accessTokens.create({
    userId: token.userId,
    name: token.name,
    description: token.description,
    scopes: token.scopes,
    expiresAt: expiresAt ?? shiftDays(gitlab.now(), rotatedLifeDays),
    previous: token,
  });
}
