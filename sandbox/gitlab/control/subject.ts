import type { DatabaseSync } from "node:sqlite";

import type { FastifyInstance } from "fastify";

import type { GitLab } from "../gitlab";
import type { Faults } from "./faults";

/** What the control endpoint has its hands on. */
export interface Controlled {
  readonly gitlab: GitLab;
  readonly faults: Faults;
  readonly database: DatabaseSync;
}

/** A subject of the control endpoint: one file each. */
export type ControlSubject = (control: FastifyInstance, controlled: Controlled) => void;

/** A request that the control endpoint can't carry out; the message says why. */
export class ControlError extends Error {
  override readonly name = "ControlError";

  constructor(
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
  }
}
