import { decodeJwt } from "jose";

import type { Answer } from "../../support/world";

/** One entry of a registry token's `access`. */
export interface Granted {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly meta?: { readonly tag_deny_access_patterns?: unknown };
}

/** What an answer of the token service grants; nothing when it is a refusal. */
export function readAccess(answer: Answer): Granted[] {
  if (answer.status !== 200) return [];
  return decodeJwt((answer.body as { token: string }).token)["access"] as Granted[];
}

/** The same, as `name:actions`. */
export function listAccess(answer: Answer): string[] {
  return readAccess(answer).map(({ name, actions }) => `${name}:${actions.join()}`);
}
