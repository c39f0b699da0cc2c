import type { FastifyInstance } from "fastify";

import { findCaller, requireCaller } from "../access/authentication";
import { renderProfile, renderUser } from "../entities/user";
import { forbidden, resourceNotFound, routeNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import type { User } from "../model/users";
import { paginate } from "../http/pagination";
import { integer, optional, readParameters, required, text } from "../http/parameters";

const readsUsers = { scopes: ["read_user"] } as const;

/** `GET /user`, `GET /users` and `GET /users/:id` */
export function serveUsers(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/user", (request) => {
    const { user } = requireCaller(gitlab, request, readsUsers);
    return {
      ...renderSelf(gitlab, user),
      // Only administrators see this field.
      ...(user.admin ? { is_admin: true } : {}),
    };
  });

  app.get("/users", (request, reply) => {
    const { username, search } = readParameters(request, {
      username: optional(text),
      search: optional(text),
    });
    const caller = findCaller(gitlab, request, readsUsers);
    if (caller === undefined && !username) {
      throw forbidden("Not authorized to access /api/v4/users");
    }
    const users = gitlab.users
      .list()
      .filter((user) => !username || user.username.toLowerCase() === username.toLowerCase())
      .filter((user) => !search || matches(user, search.toLowerCase()));
    return paginate(gitlab, request, reply, users).map((user) =>
      caller?.user.admin ? renderForAdministrator(gitlab, user) : renderUser(gitlab, user),
    );
  });

  app.get("/users/:id", (request) => {
    // The route accepts only digits; any other path has no route.
    if (!/^\d+$/.test((request.params as { id: string }).id)) throw routeNotFound();
    const { id } = readParameters(request, { id: required(integer) });
    const caller = findCaller(gitlab, request, readsUsers);
    if (caller === undefined) throw forbidden("Not authorized!");
    const user = gitlab.users.find(id);
    if (user === undefined) throw resourceNotFound("User");
    return caller.user.admin
      ? renderForAdministrator(gitlab, user)
      : { ...renderUser(gitlab, user), ...renderProfile(user) };
  });
}

function renderSelf(gitlab: GitLab, user: User): object {
  return {
    ...renderUser(gitlab, user),
    ...renderProfile(user),
    email: user.email,
    commit_email: user.email,
    confirmed_at: user.createdAt,
    identities: [],
    can_create_group: true,
    can_create_project: true,
    two_factor_enabled: user.twoFactor,
    external: false,
    private_profile: false,
  };
}

function renderForAdministrator(gitlab: GitLab, user: User): object {
  return { ...renderSelf(gitlab, user), is_admin: user.admin };
}

/** Whether the user matches a search: part of a name, or a whole email address. */
function matches(user: User, search: string): boolean {
  return (
    user.username.toLowerCase().includes(search) ||
    user.name.toLowerCase().includes(search) ||
    user.email.toLowerCase() === search
  );
}
