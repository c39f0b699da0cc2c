import type { DatabaseSync } from "node:sqlite";

import fastify, { type FastifyError, type FastifyInstance } from "fastify";

import type { GitLab } from "../gitlab";
import { controlCleanup } from "./cleanup";
import { controlClock } from "./clock";
import { controlEvents } from "./events";
import { controlFaults } from "./faultRoutes";
import type { Faults } from "./faults";
import { controlJobs } from "./jobs";
import { controlLimits } from "./limits";
import { controlMaintenance } from "./maintenance";
import { controlProjects } from "./projects";
import { controlReset } from "./reset";
import { controlSeed } from "./seed";

/** What the control endpoint has its hands on. */
export interface Controlled {
  readonly gitlab: GitLab;
  readonly faults: Faults;
  readonly database: DatabaseSync;
}

/** A subject of the control endpoint: one file each. */
export type ControlSubject = (control: FastifyInstance, controlled: Controlled) => void;

const subjects: readonly ControlSubject[] = [
  controlCleanup,
  controlClock,
  controlEvents,
  controlFaults,
  controlJobs,
  controlLimits,
  controlMaintenance,
  controlProjects,
  controlReset,
  controlSeed,
];

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

/**
 * Builds the control endpoint: JSON over plain HTTP, for tests and for people who want to see what happens
 * when GitLab does not what it should. Who reaches it may do everything, so it listens where nobody else is.
 */
export function buildControl(controlled: Controlled): FastifyInstance {
  const control = fastify();
  // A page in somebody's browser can post text without asking first; JSON it can't.
  control.removeContentTypeParser("text/plain");
  control.setErrorHandler((error: FastifyError, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.message }),
  );
  for (const serve of subjects) serve(control, controlled);
  return control;
}
