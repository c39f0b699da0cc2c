import type { FastifyRequest } from "fastify";

import { insufficientScope, invalidToken, unauthorized } from "./errors";
import type { GitLab } from "./gitlab";
import { accessTokenScopes, type AccessToken, type AccessTokenScope } from "./model/accessTokens";
import type { Job } from "./model/jobs";
import type { User } from "./model/users";

/** Who makes a request to the API, and with which token: an access token or a job's. */
export interface Caller {
  readonly user: User;
  readonly token?: AccessToken;
  /** Confines the caller to this job's project. */
  readonly job?: Job;
}

/** What opens an endpoint, beside an access token of scope `api` (or `read_api`, where it only reads). */
export interface Opening {
  /** Further scopes of access tokens. @default none */
  readonly scopes?: readonly AccessTokenScope[];
  /** Whether `CI_JOB_TOKEN` does. @default false: the token is passed over, and the caller is nobody */
  readonly jobTokens?: boolean;
}

/** An endpoint that any live token opens: one that says only what its bearer knows. */
export const anyScope: readonly AccessTokenScope[] = accessTokenScopes;

/** The request's caller; undefined when it carries no token, which some endpoints allow. */
export function findCaller(
  gitlab: GitLab,
  request: FastifyRequest,
  { scopes = [], jobTokens = false }: Opening = {},
): Caller | undefined {
  const jobToken = request.headers["job-token"];
  if (typeof jobToken === "string" && jobToken !== "") {
    return jobTokens ? authenticateJob(gitlab, jobToken) : undefined;
  }
  const value = findToken(request);
  return value === undefined ? undefined : authenticateToken(gitlab, request, value, scopes);
}

/** The request's caller, where there must be one. */
export function requireCaller(
  gitlab: GitLab,
  request: FastifyRequest,
  opening: Opening = {},
): Caller {
  const caller = findCaller(gitlab, request, opening);
  if (caller === undefined) throw unauthorized();
  return caller;
}

function authenticateJob(gitlab: GitLab, value: string): Caller {
  const job = gitlab.jobs.findByToken(value);
  const user = job && gitlab.users.find(job.userId);
  if (user === undefined || job?.status !== "running") throw unauthorized();
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

function findToken(request: FastifyRequest): string | undefined {
  const own = request.headers["private-token"];
  if (typeof own === "string" && own !== "") return own;
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
