import type { FastifyRequest } from "fastify";

import { insufficientScope, invalidToken, unauthorized } from "./errors";
import type { GitLab } from "./gitlab";
import { accessTokenScopes, type AccessToken, type AccessTokenScope } from "./model/accessTokens";
import type { User } from "./model/users";

/** Who makes a request to the API, and with which token. */
export interface Caller {
  readonly user: User;
  readonly token: AccessToken;
}

/** An endpoint that any live token opens: one that says only what its bearer knows. */
export const anyScope: readonly AccessTokenScope[] = accessTokenScopes;

/**
 * The request's caller; undefined when it carries no token, which some endpoints allow.
 *
 * @param scopes what opens this endpoint beside `api` (and `read_api`, where it only reads).
 */
export function findCaller(
  gitlab: GitLab,
  request: FastifyRequest,
  scopes: readonly AccessTokenScope[] = [],
): Caller | undefined {
  const value = findToken(request);
  if (value === undefined) return undefined;

  const token = gitlab.accessTokens.findByValue(value);
  const user = token && gitlab.users.find(token.userId);
  if (token === undefined || user === undefined) throw unauthorized();
  if (token.revoked) {
    throw invalidToken("Token was revoked. You have to re-authorize from the user.");
  }
  if (gitlab.accessTokens.isExpired(token)) {
    throw invalidToken("Token is expired. You can either do re-authorization or token refresh.");
  }

  const reads = request.method === "GET" || request.method === "HEAD";
  const opening: AccessTokenScope[] = [...scopes, "api", ...(reads ? (["read_api"] as const) : [])];
  if (!token.scopes.some((scope) => opening.includes(scope))) {
    // GitLab names `read_api` here even where it wouldn't do.
    throw insufficientScope([...new Set([...scopes, "api", "read_api"])]);
  }
  return { user, token: gitlab.accessTokens.touch(token) };
}

/** The request's caller, where there must be one. */
export function requireCaller(
  gitlab: GitLab,
  request: FastifyRequest,
  scopes: readonly AccessTokenScope[] = [],
): Caller {
  const caller = findCaller(gitlab, request, scopes);
  if (caller === undefined) throw unauthorized();
  return caller;
}

function findToken(request: FastifyRequest): string | undefined {
  const own = request.headers["private-token"];
  if (typeof own === "string" && own !== "") return own;
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
