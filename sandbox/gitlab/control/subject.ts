import type { DatabaseSync } from "node:sqlite";

import type { FastifyInstance } from "fastify";

import type { GitLab } from "../gitlab";
import type { Faults } from "./faults";

/** The parts of the simulator that the control endpoint changes. */
export interface Controlled {
  readonly gitlab: GitLab;
  readonly faults: Faults;
  readonly database: DatabaseSync;
}

/** A subject of the control endpoint; each has its own file. */
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
