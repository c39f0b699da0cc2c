import type { FastifyRequest } from "fastify";

import type { GitLab } from "../gitlab";
import type { AccessToken } from "../model/accessTokens";
import type { DeployToken } from "../model/deployTokens";
import type { Job } from "../model/jobs";

/** The user or token that made a request, for the event log. */
export interface Requester {
  /** Name of the user or of the deploy token. */
  readonly actor: string;
  /** Kind and id of the credential, such as `personal_access_token 7`. Never its value. */
  readonly credential: string;
}

const requesters = new WeakMap<FastifyRequest, Requester>();

/**
 * Remembers who made the request, even if it is then refused: the log shows whose expired or revoked token was used.
 */
export function rememberRequester(request: FastifyRequest, requester: Requester): void {
  requesters.set(request, requester);
}

/** Returns who made the request, if known. */
export function findRequester(request: FastifyRequest): Requester | undefined {
  return requesters.get(request);
}

/** Returns kind and id of an access token of a user, project or group. */
export function nameAccessToken({ resourceBots }: GitLab, { id, userId }: AccessToken): string {
  return `${resourceBots.findSource(userId)?.kind ?? "personal"}_access_token ${id}`;
}

/** Returns kind and id of a deploy token. */
export function nameDeployToken({ id }: DeployToken): string {
  return `deploy_token ${id}`;
}

/** Returns kind and id of a job token. */
export function nameJobToken({ id }: Job): string {
  return `job_token ${id}`;
}
