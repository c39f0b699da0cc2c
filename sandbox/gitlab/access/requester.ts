import type { FastifyRequest } from "fastify";

import type { GitLab } from "../gitlab";
import type { AccessToken } from "../model/accessTokens";
import type { DeployToken } from "../model/deployTokens";
import type { Job } from "../model/jobs";

/** Who made a request, as the log of events has it. */
export interface Requester {
  /** User name, or a deploy token's. */
  readonly actor: string;
  /** Kind and id of what was shown for it, such as `personal_access_token 7`. Never its value. */
  readonly credential: string;
}

const requesters = new WeakMap<FastifyRequest, Requester>();

/** Notes who made the request, also when it is then refused: of a dead token one wants to know whose it was. */
export function rememberRequester(request: FastifyRequest, requester: Requester): void {
  requesters.set(request, requester);
}

/** Who made the request, if that came out. */
export function findRequester(request: FastifyRequest): Requester | undefined {
  return requesters.get(request);
}

/** The kind and id of an access token: a person's, a project's or a group's. */
export function nameAccessToken({ resourceBots }: GitLab, { id, userId }: AccessToken): string {
  return `${resourceBots.findSource(userId)?.kind ?? "personal"}_access_token ${id}`;
}

/** The kind and id of a deploy token. */
export function nameDeployToken({ id }: DeployToken): string {
  return `deploy_token ${id}`;
}

/** The kind and id of a job's token. */
export function nameJobToken({ id }: Job): string {
  return `job_token ${id}`;
}
