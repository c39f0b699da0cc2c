import type { FastifyInstance } from "fastify";

import { ApiError } from "./errors";
import type { GitLab } from "./gitlab";
import type { Settings } from "./model/settings";

/**
 * How far GitLab works: as always, in its maintenance mode, in which nothing can be changed, or not at all, as
 * while it is upgraded.
 */
export const maintenanceModes = ["off", "read-only", "down"] as const;
export type MaintenanceMode = (typeof maintenanceModes)[number];

const setting = "maintenance";
const changing = ["POST", "PUT", "PATCH", "DELETE"];

/** The mode that is set. */
export function readMaintenanceMode(settings: Settings): MaintenanceMode {
  return settings.get<MaintenanceMode>(setting, "off");
}

/** Sets the mode. */
export function setMaintenanceMode(settings: Settings, mode: MaintenanceMode): void {
  settings.set(setting, mode);
}

/** Answers in GitLab's place while it is in maintenance. */
export function keepMaintenance(app: FastifyInstance, { settings }: GitLab): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const mode = readMaintenanceMode(settings);
    if (mode === "down" || (mode === "read-only" && changing.includes(request.method))) {
      done(mode === "down" ? unavailable() : readOnly());
    } else {
      done();
    }
  });
}

/**
 * GitLab says this to requests of JSON alone and redirects others, which browsers send; here nobody is
 * redirected.
 */
function readOnly(): ApiError {
  return new ApiError(503, { message: "GitLab Maintenance: system is in maintenance mode" });
}

/** A page of the web server in front of GitLab. Its words are not GitLab's own. */
function unavailable(): ApiError {
  return new ApiError(
    503,
    "<!DOCTYPE html>\n<html><head><title>GitLab is not available (503)</title></head>" +
      "<body><h1>503</h1><p>GitLab is being upgraded.</p></body></html>\n",
    { "content-type": "text/html" },
  );
}
