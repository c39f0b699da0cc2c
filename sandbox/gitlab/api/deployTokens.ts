import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { findCaller, requireCaller } from "../access/authentication";
import { forbidden, invalidRecord, recordNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import { deployTokenScopes, type DeployToken, type Holder } from "../model/deployTokens";
import type { Role } from "../model/members";
import { paginate } from "../http/pagination";
import { instant } from "../http/dates";
import { wordsOf } from "../http/lists";
import { boolean, integer, optional, readParameters, required, text } from "../http/parameters";
import { levelInGroup, requireGroup, requireProjectRole, requireRole } from "../access/permissions";

/** Finds the project or group of the path, and refuses a caller below the role. */
type Authorize = (gitlab: GitLab, request: FastifyRequest, id: string, role: Role) => Holder;

/** The two parents of deploy tokens, and the role that may create and delete their tokens. */
const places: readonly { path: string; authorize: Authorize; changedBy: Role }[] = [
  { path: "/projects/:id/deploy_tokens", authorize: authorizeInProject, changedBy: "maintainer" },
  { path: "/groups/:id/deploy_tokens", authorize: authorizeInGroup, changedBy: "owner" },
];

const maximumLength = 255;

/** `/projects/:id/deploy_tokens` and `/groups/:id/deploy_tokens`, and for administrators all deploy tokens. */
export function serveDeployTokens(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/deploy_tokens", (request, reply) => {
    const { active } = readParameters(request, { active: optional(boolean) });
    const { user } = requireCaller(gitlab, request);
    if (!user.admin) throw forbidden();
    return renderPage(gitlab, request, reply, gitlab.deployTokens.listAll(), active);
  });

  // Like GitLab, checks the parameters before the caller.
  for (const { path, authorize, changedBy } of places) {
    app.get(path, (request, reply) => {
      const { id, active } = readParameters(request, {
        id: required(text),
        active: optional(boolean),
      });
      const holder = authorize(gitlab, request, id, "maintainer");
      return renderPage(gitlab, request, reply, gitlab.deployTokens.list(holder), active);
    });

    app.get(`${path}/:token_id`, (request) => {
      const { id, token_id } = readParameters(request, {
        id: required(text),
        token_id: required(integer),
      });
      const holder = authorize(gitlab, request, id, "maintainer");
      return renderToken(gitlab, requireToken(gitlab, holder, token_id));
    });

    app.post(path, (request, reply) => {
      const { id, name, scopes, expires_at, username } = readParameters(request, {
        id: required(text),
        name: required(text),
        scopes: required(wordsOf(deployTokenScopes)),
        expires_at: optional(instant),
        username: optional(text),
      });
      const holder = authorize(gitlab, request, id, changedBy);
      const problems = findProblems(name, scopes, username);
      if (problems.length > 0) throw invalidRecord(joinAsSentence(problems));

      const token = gitlab.deployTokens.create({
        holder,
        name,
        scopes,
        expiresAt: expires_at ?? null,
        username: username === "" ? undefined : username,
      });
      return reply.code(201).send({ ...renderToken(gitlab, token), token: token.value });
    });

    app.delete(`${path}/:token_id`, (request, reply) => {
      const { id, token_id } = readParameters(request, {
        id: required(text),
        token_id: required(integer),
      });
      const holder = authorize(gitlab, request, id, changedBy);
      gitlab.deployTokens.delete(requireToken(gitlab, holder, token_id));
      return reply.code(204).send();
    });
  }
}

function authorizeInProject(
  gitlab: GitLab,
  request: FastifyRequest,
  id: string,
  role: Role,
): Holder {
  const project = requireProjectRole(gitlab, id, findCaller(gitlab, request), role);
  return { kind: "project", id: project.id };
}

function authorizeInGroup(gitlab: GitLab, request: FastifyRequest, id: string, role: Role): Holder {
  const caller = findCaller(gitlab, request);
  const group = requireGroup(gitlab, id, caller);
  requireRole(levelInGroup(gitlab, group, caller?.user), role);
  return { kind: "group", id: group.id };
}

function requireToken(gitlab: GitLab, holder: Holder, id: number): DeployToken {
  const token = gitlab.deployTokens.find(holder, id);
  if (token === undefined) throw recordNotFound();
  return token;
}

function findProblems(
  name: string,
  scopes: readonly string[],
  username: string | undefined,
): string[] {
  const problems: string[] = [];
  if (scopes.length === 0) problems.push("Scopes can't be blank");
  if (username !== undefined && username.length > maximumLength) {
    problems.push(`Username is too long (maximum is ${maximumLength} characters)`);
  }
  if (username && !/^[a-zA-Z0-9.+_-]+$/.test(username)) {
    problems.push("Username can contain only letters, digits, '_', '-', '+', and '.'");
  }
  if (name.length > maximumLength) {
    problems.push(`Name is too long (maximum is ${maximumLength} characters)`);
  }
  return problems;
}

function joinAsSentence(parts: readonly string[]): string {
  return new Intl.ListFormat("en-US", { type: "conjunction" }).format(parts);
}

function renderPage(
  gitlab: GitLab,
  request: FastifyRequest,
  reply: FastifyReply,
  tokens: readonly DeployToken[],
  active: boolean | undefined,
): object[] {
  // `active=false` lists all tokens too.
  const found = tokens.filter((token) => active !== true || gitlab.deployTokens.isActive(token));
  return paginate(gitlab, request, reply, found).map((token) => renderToken(gitlab, token));
}

function renderToken(gitlab: GitLab, token: DeployToken): object {
  return {
    id: token.id,
    name: token.name,
    username: token.username,
    expires_at: token.expiresAt,
    scopes: token.scopes,
    // A deploy token can be revoked only in GitLab's UI: the API deletes it instead.
    revoked: false,
    expired: gitlab.deployTokens.isCalledExpired(token),
  };
}
