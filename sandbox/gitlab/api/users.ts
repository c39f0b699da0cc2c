import type { FastifyInstance } from "fastify";

import { requireCaller } from "../authentication";
import type { GitLab } from "../gitlab";
import type { User } from "../model/users";

/** `GET /user`: who the token belongs to. */
export function serveUsers(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/user", (request) => {
    const { user } = requireCaller(gitlab, request, { scopes: ["read_user"] });
    return renderUser(gitlab, user);
  });
}

function renderUser(gitlab: GitLab, user: User): object {
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    state: "active",
    locked: false,
    avatar_url: null,
    web_url: `${gitlab.url}/${user.username}`,
    created_at: user.createdAt,
    email: user.email,
    two_factor_enabled: user.twoFactor,
    // Only administrators are told what they are.
    ...(user.admin ? { is_admin: true } : {}),
  };
}
