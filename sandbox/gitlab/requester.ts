import type { FastifyRequest } from "fastify";

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
