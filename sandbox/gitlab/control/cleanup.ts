import type { GitLab } from "../gitlab";
import type { Project } from "../model/namespaces";
import { explainPolicy, runDuePolicies, runPolicy } from "../registry/policies";
import { ControlError, type ControlSubject } from "./subject";

/**
 * `GET /cleanup?project=`: what the project's cleanup policy would do to each tag now, and why. `POST /cleanup`: runs
 * the project's policy, even if it is disabled, or, without `project`, all policies that are due.
 */
export const controlCleanup: ControlSubject = (control, { gitlab }) => {
  control.get<{ Querystring: Record<string, unknown> }>("/cleanup", ({ query }) =>
    explainPolicy(gitlab, requireProject(gitlab, query["project"])),
  );
  control.post<{ Body: { project?: unknown } | null }>("/cleanup", async ({ body }) => {
    if (body?.project !== undefined) {
      return runPolicy(gitlab, requireProject(gitlab, body.project));
    }
    await runDuePolicies(gitlab);
    return [];
  });
};

function requireProject(gitlab: GitLab, given: unknown): Project {
  if (typeof given !== "string") throw new ControlError("Give `project`, a full path.");
  const project = gitlab.namespaces.findProject(given);
  if (project === undefined) throw new ControlError(`There is no project ${given}.`, 404);
  return project;
}
