import type { FastifyInstance } from "fastify";

import { requireCaller } from "../access/authentication";
import { renderEnvironmentBasic } from "../entities/environmentBasic";
import { ApiError, badRequest } from "../errors";
import type { GitLab } from "../gitlab";
import { isReviewApp, type Environment } from "../model/environments";
import { roles } from "../model/members";
import { instant } from "../http/dates";
import { boolean, integerIn, optional, readParameters, required, text } from "../http/parameters";
import { levelInProject, requireOpenProject, requireProjectRole } from "../access/permissions";

const day = 24 * 60 * 60 * 1000;
const oldestBefore = 3652 * day;
const newestBefore = 7 * day;
const reviewAppAge = 30 * day;
const deletionDelay = 7 * day;

/** Stops and deletes unused environments. */
export function serveStaleEnvironments(app: FastifyInstance, gitlab: GitLab): void {
  app.post("/projects/:id/environments/stop_stale", (request) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const { id, before } = readParameters(request, {
      id: required(text),
      before: required(instant),
    });
    const project = requireProjectRole(gitlab, id, caller, "maintainer");
    const age = gitlab.now().getTime() - Date.parse(before ?? "");
    if (!(age <= oldestBefore && age >= newestBefore)) throw badRequest("Invalid Date");
    for (const environment of gitlab.environments.list(project.id)) {
      if (environment.state === "available" && lastUse(gitlab, environment) < String(before)) {
        gitlab.environments.stop(environment);
      }
    }
    return { message: "Successfully scheduled stale environments to stop" };
  });

  app.delete("/projects/:id/environments/review_apps", (request) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const now = gitlab.now().getTime();
    const {
      id,
      before = new Date(now - reviewAppAge).toISOString(),
      limit = 100,
      dry_run = true,
    } = readParameters(request, {
      id: required(text),
      before: optional(instant),
      limit: optional(integerIn(1, 1000)),
      dry_run: optional(boolean),
    });
    const project = requireOpenProject(gitlab, id, caller, "reporter");
    if (levelInProject(gitlab, project, caller.user) < roles.developer) {
      throw refuse(401, "You do not have permission to destroy environments in this project");
    }
    const found = gitlab.environments
      .list(project.id)
      .filter((one) => isReviewApp(one) && one.state === "stopped" && one.autoDeleteAt === null)
      .filter(({ createdAt }) => createdAt < before)
      .slice(0, limit);
    if (found.length === 0) {
      throw refuse(
        400,
        "No environments found for scheduled deletion. Either your query did not match any " +
          "environments (default parameters match environments that are 30 days or older), or you " +
          "have insufficient permissions to delete matching environments.",
      );
    }
    if (!dry_run) {
      const at = new Date(now + deletionDelay).toISOString();
      for (const environment of found) gitlab.environments.scheduleDeletion(environment, at);
    }
    return { scheduled_entries: found.map(renderEnvironmentBasic), unprocessable_entries: [] };
  });
}

/** Creates the refusal, which includes both lists, empty. */
function refuse(status: number, message: string): ApiError {
  return new ApiError(status, {
    message: { scheduled_entries: [], unprocessable_entries: [], message },
  });
}

function lastUse(gitlab: GitLab, environment: Environment): string {
  const deployed = gitlab.deployments.findLast(environment)?.updatedAt ?? "";
  return deployed > environment.updatedAt ? deployed : environment.updatedAt;
}
