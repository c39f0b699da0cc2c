import type { FastifyInstance } from "fastify";

/** GitLab's probes. Unlike there, every address may ask. */
export function serveHealth(app: FastifyInstance): void {
  app.get("/-/health", (_request, reply) => reply.type("text/plain").send("GitLab OK"));
  app.get("/-/liveness", () => ({ status: "ok" }));
  app.get("/-/readiness", () => ({ status: "ok", master_check: [{ status: "ok" }] }));
}
