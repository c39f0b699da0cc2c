import type { FastifyInstance, FastifyRequest } from "fastify";

import { anyScope, requireCaller, type Caller } from "../access/authentication";
import { badRequest, notAllowed, notFound, recordNotFound, unauthorized } from "../errors";
import type { GitLab } from "../gitlab";
import type { AccessToken } from "../model/accessTokens";
import { paginate } from "../http/pagination";
import { day } from "../http/dates";
import { optional, readParameters, required, text } from "../http/parameters";
import { rotateToken } from "../access/tokenRotation";
import { filterTokens, tokenFilters } from "./tokenFilters";

/** `/personal_access_tokens`: lists, rotates and revokes tokens. */
export function servePersonalAccessTokens(app: FastifyInstance, gitlab: GitLab): void {
  const path = "/personal_access_tokens";

  app.get(path, (request, reply) => {
    const caller = requireCaller(gitlab, request);
    const { user_id, ...filters } = readParameters(request, tokenFilters);
    const tokens = gitlab.accessTokens.list(findOwner(gitlab, request, caller, user_id));
    return paginate(gitlab, request, reply, filterTokens(gitlab, tokens, filters)).map((token) =>
      renderToken(gitlab, token),
    );
  });

  app.get(`${path}/self`, (request) => {
    const { token } = requireCaller(gitlab, request, { scopes: anyScope });
    if (token === undefined) throw unauthorized();
    return renderToken(gitlab, token);
  });

  app.get(`${path}/:id`, (request) =>
    renderToken(gitlab, requireToken(gitlab, request, requireCaller(gitlab, request))),
  );

  app.post(`${path}/self/rotate`, (request) => {
    const { token } = requireCaller(gitlab, request, { scopes: ["self_rotate"] });
    if (token === undefined) throw notAllowed();
    return rotate(gitlab, request, token);
  });

  app.post(`${path}/:id/rotate`, (request) => {
    const caller = requireCaller(gitlab, request);
    return rotate(gitlab, request, requireToken(gitlab, request, caller));
  });

  app.delete(`${path}/self`, (request, reply) => {
    const { token } = requireCaller(gitlab, request, { scopes: anyScope });
    if (token === undefined) throw unauthorized();
    gitlab.accessTokens.revoke(token);
    return reply.code(204).send();
  });

  app.delete(`${path}/:id`, (request, reply) => {
    const { user } = requireCaller(gitlab, request);
    const token = findToken(gitlab, request);
    if (token === undefined) throw recordNotFound();
    // Unlike reading and rotating, revoking another user's token is not answered with "not found".
    if (token.userId !== user.id && !user.admin) throw badRequest();
    gitlab.accessTokens.revoke(token);
    return reply.code(204).send();
  });
}

/** Renders a token as GitLab shows it, without its value. */
export function renderToken(gitlab: GitLab, token: AccessToken): object {
  return {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: token.createdAt,
    description: token.description,
    scopes: token.scopes,
    user_id: token.userId,
    last_used_at: token.lastUsedAt,
    active: gitlab.accessTokens.isActive(token),
    expires_at: token.expiresAt,
  };
}

/**
 * Returns the user whose tokens are listed: administrators see all, or those of one user; other users see their own.
 */
function findOwner(
  gitlab: GitLab,
  request: FastifyRequest,
  { user }: Caller,
  wanted: number | undefined,
): number | undefined {
  const isGiven = "user_id" in (request.query as object);
  if (user.admin) {
    if (isGiven && (wanted === undefined || gitlab.users.find(wanted) === undefined)) {
      throw notFound();
    }
    return wanted;
  }
  if (wanted !== undefined && wanted !== user.id) throw unauthorized();
  return user.id;
}

/** Returns the token of the path if the caller may see it. Only administrators get "not found" if there is none. */
function requireToken(gitlab: GitLab, request: FastifyRequest, { user }: Caller): AccessToken {
  const token = findToken(gitlab, request);
  if (token !== undefined && (user.admin || token.userId === user.id)) return token;
  throw user.admin ? notFound() : unauthorized();
}

function findToken(gitlab: GitLab, request: FastifyRequest): AccessToken | undefined {
  const { id } = readParameters(request, { id: required(text) });
  return /^\d{1,15}$/.test(id) ? gitlab.accessTokens.find(Number(id)) : undefined;
}

function rotate(gitlab: GitLab, request: FastifyRequest, token: AccessToken): object {
  const { expires_at } = readParameters(request, { expires_at: optional(day) });
  if (token.revoked) throw badRequest("Token already revoked");
  const created = rotateToken(gitlab, token, expires_at);
  return { ...renderToken(gitlab, created), token: created.value };
}
