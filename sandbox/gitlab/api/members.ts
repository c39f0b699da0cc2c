import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller, type Caller } from "../access/authentication";
import {
  conflict,
  forbidden,
  invalidAttributes,
  invalidParameters,
  recordNotFound,
  resourceNotFound,
} from "../errors";
import type { GitLab } from "../gitlab";
import {
  accessLevel,
  requireRunning,
  requireSource,
  sourceKinds,
  type FoundSource,
} from "../access/memberSources";
import { roles, type Member, type MemberSource } from "../model/members";
import type { User } from "../model/users";
import { paginate } from "../http/pagination";
import { day } from "../http/dates";
import { integers } from "../http/lists";
import { integer, optional, readParameters, required, text } from "../http/parameters";
import { renderUser } from "../entities/user";

/** The members of projects and groups. */
export function serveMembers(app: FastifyInstance, gitlab: GitLab): void {
  for (const kind of sourceKinds) serveMembersOf(app, gitlab, kind);
}

function serveMembersOf(app: FastifyInstance, gitlab: GitLab, kind: MemberSource["kind"]): void {
  const path = `/${kind}s/:id/members`;

  for (const all of [false, true]) {
    const listed = all ? `${path}/all` : path;
    const listOf = (source: FoundSource): Member[] =>
      all ? gitlab.members.listAll(source) : gitlab.members.list(source);

    app.get(listed, (request, reply) => {
      const { source } = findSource(gitlab, request, kind);
      const { query, user_ids } = readParameters(request, {
        query: optional(text),
        user_ids: optional(integers),
      });
      const members = listOf(source)
        .filter(({ userId }) => user_ids === undefined || user_ids.includes(userId))
        .filter(({ userId }) => isNamedLike(gitlab.users.find(userId), query));
      return paginate(gitlab, request, reply, members).map((one) => renderMember(gitlab, one));
    });

    app.get(`${listed}/:user_id`, (request) => {
      const { source } = findSource(gitlab, request, kind);
      return renderMember(gitlab, requireMember(request, listOf(source)));
    });
  }

  app.post(path, (request, reply) => {
    const { source } = findSource(gitlab, request, kind);
    const { access_level, user_id, username, expires_at } = readParameters(request, {
      access_level: required(accessLevel),
      user_id: optional(integer),
      username: optional(text),
      expires_at: optional(day),
    });
    if (user_id === undefined && username === undefined) {
      throw invalidParameters(
        "user_id, username are missing, at least one parameter must be provided",
      );
    }
    requireRunning(source);
    const user =
      user_id === undefined
        ? gitlab.users.findByUsername(username ?? "")
        : gitlab.users.find(user_id);
    if (user === undefined) throw resourceNotFound("User");
    const members = gitlab.members.list(source);
    if (members.some(({ userId }) => userId === user.id)) {
      throw conflict("Member already exists");
    }
    checkLevel(gitlab, source, user, access_level);
    const member = gitlab.members.set(source, user, access_level, expires_at ?? null);
    return reply.code(201).send(renderMember(gitlab, member));
  });

  app.put(`${path}/:user_id`, (request) => {
    const { source } = findSource(gitlab, request, kind);
    const { access_level, expires_at } = readParameters(request, {
      access_level: required(accessLevel),
      expires_at: optional(day),
    });
    requireRunning(source);
    const members = gitlab.members.list(source);
    const member = requireMember(request, members);
    const user = gitlab.users.find(member.userId);
    if (user === undefined) throw recordNotFound();
    checkStanding(source, member, members);
    checkLevel(gitlab, source, user, access_level);
    const changed = gitlab.members.set(source, user, access_level, expires_at ?? member.expiresAt);
    return renderMember(gitlab, changed);
  });

  app.delete(`${path}/:user_id`, (request, reply) => {
    const { source, caller } = findSource(gitlab, request, kind);
    const members = gitlab.members.list(source);
    const member = requireMember(request, members);
    // Every member may leave.
    if (member.userId !== caller.user.id) requireRunning(source);
    checkStanding(source, member, members);
    gitlab.members.remove(member);
    return reply.code(204).send();
  });
}

function findSource(
  gitlab: GitLab,
  request: FastifyRequest,
  kind: MemberSource["kind"],
): { source: FoundSource; caller: Caller } {
  const caller = requireCaller(gitlab, request);
  const { id } = readParameters(request, { id: required(text) });
  return { source: requireSource(gitlab, kind, id, caller), caller };
}

function requireMember(request: FastifyRequest, members: readonly Member[]): Member {
  const { user_id } = readParameters(request, { user_id: required(integer) });
  const member = members.find(({ userId }) => userId === user_id);
  if (member === undefined) throw recordNotFound();
  return member;
}

/** Refuses a level above the caller's own, or below the one that a parent group gives already. */
function checkLevel(gitlab: GitLab, source: FoundSource, user: User, level: number): void {
  if (level > source.level) throw forbidden();
  const inherited = gitlab.members
    .listAll(source)
    .find(
      ({ userId, source: from }) =>
        userId === user.id && (from.kind !== source.kind || from.id !== source.id),
    );
  if (inherited === undefined || inherited.accessLevel <= level) return;
  const role = Object.entries(roles).find(([, value]) => value === inherited.accessLevel)?.[0];
  const name = role === undefined ? "Planner" : role[0]?.toUpperCase() + role.slice(1);
  const group = gitlab.namespaces.findGroup(String(inherited.source.id))?.name;
  throw invalidAttributes({
    access_level: [
      `should be greater than or equal to ${name} inherited membership from group ${group}`,
    ],
  });
}

/** Refuses to let maintainers change owners, and to remove the last owner of a group. */
function checkStanding(source: FoundSource, member: Member, members: readonly Member[]): void {
  if (member.accessLevel > source.level) throw forbidden();
  const owners = members.filter(({ accessLevel: level }) => level === roles.owner);
  const last = owners.length === 1 && owners[0]?.userId === member.userId;
  if (source.kind === "group" && last) throw forbidden();
}

function isNamedLike(user: User | undefined, query = ""): boolean {
  const search = query.toLowerCase();
  return [user?.name, user?.username].some((name) => name?.toLowerCase().includes(search));
}

function renderMember(gitlab: GitLab, member: Member): object {
  const user = gitlab.users.find(member.userId);
  return {
    ...(user && renderUser(gitlab, user)),
    access_level: member.accessLevel,
    created_at: member.createdAt,
    expires_at: member.expiresAt,
    membership_state: "active",
  };
}
