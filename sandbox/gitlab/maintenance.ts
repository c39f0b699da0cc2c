import type { FastifyInstance } from "fastify";

import { ApiError } from "./errors";
import type { GitLab } from "./gitlab";
import type { Settings } from "./model/settings";

/**
 * GitLab's maintenance modes: off, read-only (nothing can be changed), or down, as during an upgrade.
 */
export const maintenanceModes = ["off", "read-only", "down"] as const;
export type MaintenanceMode = (typeof maintenanceModes)[number];

const setting = "maintenance";
const changing = ["POST", "PUT", "PATCH", "DELETE"];

/** Returns the present mode. */
export function readMaintenanceMode(settings: Settings): MaintenanceMode {
  return settings.get<MaintenanceMode>(setting, "off");
}

/** Sets the mode. */
export function setMaintenanceMode(settings: Settings, mode: MaintenanceMode): void {
  settings.set(setting, mode);
}

/** Answers requests that GitLab refuses during maintenance. */
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
 * GitLab answers this only to JSON requests, and redirects others, which browsers send; the simulator redirects none.
 */
function readOnly(): ApiError {
  return new ApiError(503, { message: "GitLab Maintenance: system is in maintenance mode" });
}

/** The page of the web server in front of GitLab. Its wording is not GitLab's own. */
function unavailable(): ApiError {
  return new ApiError(
    503,
    "<!DOCTYPE html>\n<html><head><title>GitLab is not available (503)</title></head>" +
      "<body><h1>503</h1><p>GitLab is being upgraded.</p></body></html>\n",
    { "content-type": "text/html" },
  );
}
