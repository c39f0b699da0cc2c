import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller } from "../access/authentication";
import { forbidden, resourceNotFound, unprocessable } from "../errors";
import type { GitLab } from "../gitlab";
import { accessTokenScopes, type AccessTokenScope } from "../model/accessTokens";
import type { User } from "../model/users";
import { day } from "../http/dates";
import { wordsOf } from "../http/lists";
import { integer, optional, readParameters, required, text } from "../http/parameters";
import { findExpiryProblem, longestLifeDays, shiftDays } from "../access/tokenRotation";
import { renderToken } from "./personalAccessTokens";

/** Scopes of a token that users may create with another token of theirs: none gives more rights. */
const scopesForOneself: readonly AccessTokenScope[] = ["k8s_proxy", "self_rotate"];

/** `POST /users/:user_id/personal_access_tokens`, for administrators, and `POST /user/personal_access_tokens` */
export function serveUserTokens(app: FastifyInstance, gitlab: GitLab): void {
  app.post("/users/:user_id/personal_access_tokens", (request, reply) => {
    const caller = requireCaller(gitlab, request);
    if (!caller.user.admin) throw forbidden();
    const { user_id } = readParameters(request, { user_id: required(integer), ...declared() });
    const user = gitlab.users.find(user_id);
    if (user === undefined) throw resourceNotFound("User");
    return reply.code(201).send(createToken(gitlab, request, user, accessTokenScopes));
  });

  app.post("/user/personal_access_tokens", (request, reply) => {
    const { user } = requireCaller(gitlab, request);
    return reply.code(201).send(createToken(gitlab, request, user, scopesForOneself));
  });
}

function declared(scopes: readonly AccessTokenScope[] = accessTokenScopes) {
  return {
    name: required(text),
    description: optional(text),
    scopes: required(wordsOf(scopes)),
    expires_at: optional(day),
  };
}

function createToken(
  gitlab: GitLab,
  request: FastifyRequest,
  user: User,
  allowed: readonly AccessTokenScope[],
): object {
  const { name, description, scopes, expires_at } = readParameters(request, declared(allowed));
  const problems = [
    ...(name.trim() === "" ? ["Name can't be blank"] : []),
    ...(scopes.length === 0 ? ["Scopes can't be blank"] : []),
    ...(description !== undefined && description.length > 255
      ? ["Description is too long (maximum is 255 characters)"]
      : []),
    findExpiryProblem(gitlab.now(), expires_at),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    throw unprocessable(new Intl.ListFormat("en-US", { type: "conjunction" }).format(problems));
  }

  const token = gitlab.accessTokens.create({
    userId: user.id,
    name,
    description: description ?? null,
    scopes,
    expiresAt: expires_at ?? shiftDays(gitlab.now(), longestLifeDays),
  });
  return { ...renderToken(gitlab, token), token: token.value };
}
