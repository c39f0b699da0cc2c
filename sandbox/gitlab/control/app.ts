import fastify, { type FastifyError, type FastifyInstance } from "fastify";

import { controlCleanup } from "./cleanup";
import { controlClock } from "./clock";
import { controlEvents } from "./events";
import { controlFaults } from "./faultRoutes";
import { controlJobs } from "./jobs";
import { controlLimits } from "./limits";
import { controlMaintenance } from "./maintenance";
import { controlProjects } from "./projects";
import { controlReset } from "./reset";
import { controlSeed } from "./seed";
import type { Controlled, ControlSubject } from "./subject";

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

/**
 * Builds the control endpoint: JSON over plain HTTP, for tests and for people who want to see failures of GitLab. It
 * has no authentication, so it must listen where only this machine can reach it.
 */
export function buildControl(controlled: Controlled): FastifyInstance {
  const control = fastify();
  // A web page can post text without a preflight request, but not JSON.
  control.removeContentTypeParser("text/plain");
  control.setErrorHandler((error: FastifyError, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.message }),
  );
  for (const serve of subjects) serve(control, controlled);
  return control;
}
