import type { FastifyInstance } from "fastify";

import { anyScope, requireCaller } from "../authentication";
import { unauthorized } from "../errors";
import type { GitLab } from "../gitlab";
import type { AccessToken } from "../model/accessTokens";

/** `GET /personal_access_tokens/self`: the token that asks. */
export function servePersonalAccessTokens(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/personal_access_tokens/self", (request) => {
    const { token } = requireCaller(gitlab, request, { scopes: anyScope });
    if (token === undefined) throw unauthorized();
    return renderToken(gitlab, token);
  });
}

function renderToken(gitlab: GitLab, token: AccessToken): object {
  return {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: token.createdAt,
    description: null,
    scopes: token.scopes,
    user_id: token.userId,
    last_used_at: token.lastUsedAt,
    active: gitlab.accessTokens.isActive(token),
    expires_at: token.expiresAt,
  };
}
