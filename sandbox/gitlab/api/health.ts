import type { FastifyInstance } from "fastify";

/** GitLab's health probes. Unlike GitLab's, they answer every address. */
export function serveHealth(app: FastifyInstance): void {
  app.get("/-/health", (_request, reply) => reply.type("text/plain").send("GitLab OK"));
  app.get("/-/liveness", () => ({ status: "ok" }));
  app.get("/-/readiness", () => ({ status: "ok", master_check: [{ status: "ok" }] }));
}
