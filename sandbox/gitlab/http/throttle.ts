import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { findTokens } from "../access/requestTokens";
import { ApiError } from "../errors";
import type { GitLab } from "../gitlab";
import type { Count } from "../limits/counters";

/** GitLab's names of its rate limits, as in `RateLimit-Name`. */
const names = {
  authenticatedApi: "throttle_authenticated_api",
  unauthenticatedApi: "throttle_unauthenticated_api",
} as const;

const minuteSeconds = 60;

/**
 * Counts the API's requests and refuses those above the limit, before everything else, as Rack::Attack does. While a
 * limit is enabled, every answer has headers with what is left.
 */
export function throttleRequests(app: FastifyInstance, gitlab: GitLab): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (request.url.startsWith("/api/")) countRequest(gitlab, request, reply);
    done();
  });
}

/** Bans addresses that fail too often at the token service. */
export function banFailures(app: FastifyInstance, gitlab: GitLab): void {
  const isTokenService = (request: FastifyRequest): boolean =>
    request.routeOptions.url === "/jwt/auth";

  app.addHook("onRequest", (request, _reply, done) => {
    const banned = isTokenService(request) && gitlab.limits.authenticationBan.isBanned(request.ip);
    done(banned ? new ApiError(403, "Forbidden\n") : undefined);
  });
  app.addHook("onResponse", (request, reply, done) => {
    if (isTokenService(request) && request.headers.authorization !== undefined) {
      const { authenticationBan } = gitlab.limits;
      if (reply.statusCode === 401) authenticationBan.fail(request.ip);
      if (reply.statusCode === 200) authenticationBan.succeed(request.ip);
    }
    done();
  });
}

function countRequest(gitlab: GitLab, request: FastifyRequest, reply: FastifyReply): void {
  const user = findLiveUser(gitlab, request);
  const throttle = user === undefined ? "unauthenticatedApi" : "authenticatedApi";
  const count = gitlab.limits.countRequest(throttle, user?.toString() ?? request.ip);
  if (count === undefined) return;

  void reply.headers(describe(names[throttle], count));
  if (count.exceeded) {
    throw new ApiError(429, "Retry later", {
      "retry-after": String(count.secondsLeft),
      "ratelimit-resettime": new Date(count.resetsAt * 1000).toUTCString(),
    });
  }
}

/** Returns the id of the user whose active token the request carries; its scopes don't matter here. */
function findLiveUser(gitlab: GitLab, request: FastifyRequest): number | undefined {
  const { access, job } = findTokens(request);
  if (access !== undefined) {
    const token = gitlab.accessTokens.findByValue(access);
    return token !== undefined && gitlab.accessTokens.isActive(token) ? token.userId : undefined;
  }
  const found = job === undefined ? undefined : gitlab.jobs.findByToken(job);
  return found?.status === "running" ? found.userId : undefined;
}

function describe(name: string, count: Count): Record<string, string> {
  return {
    "ratelimit-name": name,
    // Per minute, rounded up, whatever the period is.
    "ratelimit-limit": String(Math.ceil((count.limit * minuteSeconds) / count.periodSeconds)),
    "ratelimit-observed": String(count.observed),
    "ratelimit-remaining": String(Math.max(0, count.limit - count.observed)),
    "ratelimit-reset": String(count.resetsAt),
  };
}
