import { badRequest } from "../errors";
import type { GitLab } from "../gitlab";
import type { AccessToken } from "../model/accessTokens";
import { findExpiryProblem, rotatedLifeDays, shiftDays } from "./tokenLife";

/** Makes a token in the place of this one, which ends. Without a day it lives for a week. */
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
