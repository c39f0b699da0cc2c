import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller, type Caller } from "../access/authentication";
import { badRequest, notFound, resourceNotFound, unauthorized } from "../errors";
import type { GitLab } from "../gitlab";
import {
  accessLevel,
  requireSource,
  runsSource,
  sourceKinds,
  type FoundSource,
} from "../access/memberSources";
import { accessTokenScopes, type AccessToken } from "../model/accessTokens";
import { roles, type MemberSource } from "../model/members";
import { paginate } from "../http/pagination";
import { day } from "../http/dates";
import { wordsOf } from "../http/lists";
import { optional, readParameters, required, text } from "../http/parameters";
import {
  findExpiryProblem,
  longestLifeDays,
  rotateToken,
  shiftDays,
} from "../access/tokenRotation";
import { renderToken } from "./personalAccessTokens";
import { filterTokens, tokenFilters } from "./tokenFilters";

/** Scopes of a bot's token. A bot can't have the scopes for reading users and for administration. */
const scopes = accessTokenScopes.filter(
  (scope) => !["read_user", "sudo", "admin_mode"].includes(scope),
);

/** Project and group access tokens. Each belongs to a bot, which is a member of the project or group. */
export function serveResourceAccessTokens(app: FastifyInstance, gitlab: GitLab): void {
  for (const kind of sourceKinds) serveTokensOf(app, gitlab, kind);
}

function serveTokensOf(app: FastifyInstance, gitlab: GitLab, kind: MemberSource["kind"]): void {
  const path = `/${kind}s/:id/access_tokens`;

  app.get(path, (request, reply) => {
    const { source } = findSource(gitlab, request, kind);
    const filters = readParameters(request, tokenFilters);
    if (!runsSource(source)) throw unauthorized();
    const tokens = filterTokens(gitlab, listTokens(gitlab, source), filters);
    return paginate(gitlab, request, reply, tokens).map((token) => render(gitlab, source, token));
  });

  app.get(`${path}/:token_id`, (request) => {
    const { source } = findSource(gitlab, request, kind);
    // GitLab answers 401 here, although the caller is authenticated.
    if (!runsSource(source)) throw unauthorized();
    return render(gitlab, source, requireToken(gitlab, request, source));
  });

  app.post(path, (request, reply) => {
    const { source, caller } = findSource(gitlab, request, kind);
    const given = readParameters(request, {
      name: required(text),
      description: optional(text),
      scopes: required(wordsOf(scopes)),
      expires_at: optional(day),
      access_level: optional(accessLevel),
    });
    const level = given.access_level ?? roles.maintainer;
    if (!runsSource(source) || gitlab.resourceBots.isBot(caller.user)) {
      throw badRequest(`User does not have permission to create ${kind} access token`);
    }
    if (level > source.level) {
      throw badRequest(
        "Access level of the token contains permissions not held by the creating user",
      );
    }
    const problem = findExpiryProblem(gitlab.now(), given.expires_at);
    if (problem !== undefined) throw badRequest(problem);
    if (given.scopes.length === 0) throw badRequest("Scopes can't be blank");

    const host = new URL(gitlab.url).hostname;
    const token = gitlab.accessTokens.create({
      userId: gitlab.resourceBots.create(source, given.name, level, host).id,
      name: given.name,
      description: given.description ?? null,
      scopes: given.scopes,
      expiresAt: given.expires_at ?? shiftDays(gitlab.now(), longestLifeDays),
    });
    return reply.code(201).send({ ...render(gitlab, source, token), token: token.value });
  });

  app.post(`${path}/:token_id/rotate`, (request) => {
    const { expires_at } = readParameters(request, { expires_at: optional(day) });
    const isSelf = (request.params as { token_id: string }).token_id === "self";
    const { source, caller } = findSource(gitlab, request, kind, isSelf);
    const token = isSelf
      ? ownToken(gitlab, source, caller)
      : findToken(gitlab, request, source, runsSource(source));
    // Only administrators get "not found" if there is none.
    if (token === undefined) throw caller.user.admin ? notFound() : unauthorized();
    if (!gitlab.accessTokens.isActive(token)) {
      gitlab.accessTokens.revokeSuccessors(token);
      throw badRequest("Token already revoked");
    }
    const rotated = rotateToken(gitlab, token, expires_at);
    return { ...render(gitlab, source, rotated), token: rotated.value };
  });

  app.delete(`${path}/:token_id`, (request, reply) => {
    const { source, caller } = findSource(gitlab, request, kind);
    const token = requireToken(gitlab, request, source);
    if (!runsSource(source)) {
      const bot = gitlab.users.find(token.userId);
      throw badRequest(`${caller.user.name} cannot delete ${bot?.name}`);
    }
    gitlab.accessTokens.revoke(token);
    return reply.code(204).send();
  });
}

function findSource(
  gitlab: GitLab,
  request: FastifyRequest,
  kind: MemberSource["kind"],
  selfRotation = false,
): { source: FoundSource; caller: Caller } {
  const caller = requireCaller(gitlab, request, {
    scopes: selfRotation ? ["self_rotate"] : [],
  });
  const { id } = readParameters(request, { id: required(text) });
  return { source: requireSource(gitlab, kind, id, caller), caller };
}

function listTokens(gitlab: GitLab, source: MemberSource): AccessToken[] {
  return gitlab.resourceBots.list(source).flatMap((bot) => gitlab.accessTokens.list(bot));
}

function findToken(
  gitlab: GitLab,
  request: FastifyRequest,
  source: MemberSource,
  allowed: boolean,
): AccessToken | undefined {
  const { token_id } = readParameters(request, { token_id: required(text) });
  return allowed ? listTokens(gitlab, source).find(({ id }) => String(id) === token_id) : undefined;
}

function requireToken(gitlab: GitLab, request: FastifyRequest, source: MemberSource): AccessToken {
  const token = findToken(gitlab, request, source, true);
  if (token !== undefined) return token;
  const { token_id } = request.params as { token_id: string };
  throw resourceNotFound(`Could not find ${source.kind} access token with token_id: ${token_id}`);
}

/** Returns the token of the request if it belongs to this project or group. */
function ownToken(
  gitlab: GitLab,
  source: MemberSource,
  { token }: Caller,
): AccessToken | undefined {
  return listTokens(gitlab, source).find(({ id }) => id === token?.id);
}

function render(gitlab: GitLab, source: FoundSource, token: AccessToken): object {
  const member = gitlab.members.list(source).find(({ userId }) => userId === token.userId);
  return {
    ...renderToken(gitlab, token),
    access_level: member?.accessLevel ?? null,
    resource_type: source.kind,
    resource_id: source.id,
  };
}
