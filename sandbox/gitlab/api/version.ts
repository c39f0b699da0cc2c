import type { FastifyInstance } from "fastify";

import { requireCaller } from "../access/authentication";
import type { GitLab } from "../gitlab";

/** The simulated release of GitLab. */
const version = { version: "18.6.0", revision: "simulator" };

/** `GET /version` */
export function serveVersion(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/version", (request) => {
    requireCaller(gitlab, request, { scopes: ["read_user"] });
    return version;
  });
}
