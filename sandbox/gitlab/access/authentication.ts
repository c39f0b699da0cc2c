import type { FastifyRequest } from "fastify";

import { findTokens } from "./requestTokens";
import { insufficientScope, invalidToken, unauthorized } from "../errors";
import type { GitLab } from "../gitlab";
import { accessTokenScopes, type AccessToken, type AccessTokenScope } from "../model/accessTokens";
import type { Job } from "../model/jobs";
import type { User } from "../model/users";
import { nameAccessToken, nameJobToken, rememberRequester } from "./requester";

/** The user who makes a request to the API, and the access token or job token that the request carries. */
export interface Caller {
  readonly user: User;
  readonly token?: AccessToken;
  /** Restricts the caller to this job's project. */
  readonly job?: Job;
}

/** Credentials that an endpoint accepts, besides an access token of scope `api` (or `read_api` if it only reads). */
export interface AccessRule {
  /** Additional scopes of access tokens. @default none */
  readonly scopes?: readonly AccessTokenScope[];
  /**
   * Whether the endpoint accepts `CI_JOB_TOKEN`. @default false: the token is ignored, so the request has no caller
   */
  readonly jobTokens?: boolean;
}

/** Scopes of an endpoint that accepts every active token, because it returns only what its owner knows. */
export const anyScope: readonly AccessTokenScope[] = accessTokenScopes;

/** Rotation with a revoked token suggests that the token was stolen, so GitLab revokes all its successors too. */
const rotation = /\/(?:personal_)?access_tokens\/(?:\d+|self)\/rotate$/;

/**
 * Returns the request's caller; `undefined` if it carries no token that the endpoint accepts. Some endpoints allow
 * this. Deploy tokens and passwords are not credentials here.
 */
export function findCaller(
  gitlab: GitLab,
  request: FastifyRequest,
  { scopes = [], jobTokens = false }: AccessRule = {},
): Caller | undefined {
  const { access, bearer, job } = findTokens(request);
  const bearerJob = jobTokens && bearer !== undefined ? gitlab.jobs.findByToken(bearer) : undefined;
  if (bearerJob !== undefined) return authenticateJob(gitlab, request, bearerJob);
  if (access !== undefined) return authenticateToken(gitlab, request, access, scopes);
  if (!jobTokens || job === undefined) return undefined;
  return authenticateJob(gitlab, request, gitlab.jobs.findByToken(job));
}

/** Returns the request's caller; throws if there is none. */
export function requireCaller(
  gitlab: GitLab,
  request: FastifyRequest,
  rule: AccessRule = {},
): Caller {
  const caller = findCaller(gitlab, request, rule);
  if (caller === undefined) throw unauthorized();
  return caller;
}

function authenticateJob(gitlab: GitLab, request: FastifyRequest, job: Job | undefined): Caller {
  const user = job && gitlab.users.find(job.userId);
  if (job === undefined || user === undefined) throw unauthorized();
  rememberRequester(request, { actor: user.username, credential: nameJobToken(job) });
  if (job.status !== "running") throw unauthorized();
  return { user, job };
}

function authenticateToken(
  gitlab: GitLab,
  request: FastifyRequest,
  value: string,
  scopes: readonly AccessTokenScope[],
): Caller {
  const token = gitlab.accessTokens.findByValue(value);
  const user = token && gitlab.users.find(token.userId);
  if (token === undefined || user === undefined) throw unauthorized();
  rememberRequester(request, {
    actor: user.username,
    credential: nameAccessToken(gitlab, token),
  });

  const reads = request.method === "GET" || request.method === "HEAD";
  const sufficient: AccessTokenScope[] = [
    ...scopes,
    "api",
    ...(reads ? (["read_api"] as const) : []),
  ];
  if (gitlab.accessTokens.isExpired(token)) {
    throw invalidToken("Token is expired. You can either do re-authorization or token refresh.");
  }
  if (token.revoked) {
    if (rotation.test(pathOf(request))) gitlab.accessTokens.revokeSuccessors(token);
    throw invalidToken("Token was revoked. You have to re-authorize from the user.");
  }
  if (!token.scopes.some((scope) => sufficient.includes(scope))) {
    // GitLab names `read_api` here even if it wouldn't be enough.
    throw insufficientScope([...new Set([...scopes, "api", "read_api"])]);
  }
  return { user, token: gitlab.accessTokens.touch(token) };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0];
}
