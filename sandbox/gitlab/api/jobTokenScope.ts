import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller, type Caller } from "../access/authentication";
import { ApiError, recordNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import type { Project } from "../model/namespaces";
import { paginate } from "../http/pagination";
import { integer, readParameters, required, text } from "../http/parameters";
import { requireProject, requireProjectRole } from "../access/permissions";
import { renderProject } from "../entities/project";

const scope = "/projects/:id/job_token_scope";

/** The projects whose job tokens may access a project. */
export function serveJobTokenScope(app: FastifyInstance, gitlab: GitLab): void {
  app.get(scope, (request) => {
    const { id } = readParameters(request, { id: required(text) });
    requireMaintainer(gitlab, request, id);
    return { inbound_enabled: true, outbound_enabled: false };
  });

  app.get(`${scope}/allowlist`, (request, reply) => {
    const { id } = readParameters(request, { id: required(text) });
    const { project } = requireMaintainer(gitlab, request, id);
    const allowed = gitlab.jobTokenAllowlist
      .list(project)
      .map((allowedId) => gitlab.namespaces.findProject(String(allowedId)))
      .filter((found) => found !== undefined);
    return paginate(gitlab, request, reply, allowed).map((found) => renderProject(gitlab, found));
  });

  app.post(`${scope}/allowlist`, (request, reply) => {
    const { id, target_project_id } = readParameters(request, {
      id: required(text),
      target_project_id: required(integer),
    });
    const { project, caller } = requireMaintainer(gitlab, request, id);
    const target = requireProject(gitlab, String(target_project_id), caller);
    if (gitlab.jobTokenAllowlist.includes(project, target.id)) {
      throw new ApiError(422, { message: "Target project is already in the job token scope" });
    }
    gitlab.jobTokenAllowlist.add(project, target);
    return reply.code(201).send({ source_project_id: project.id, target_project_id: target.id });
  });

  app.delete(`${scope}/allowlist/:target_project_id`, (request, reply) => {
    const { id, target_project_id } = readParameters(request, {
      id: required(text),
      target_project_id: required(integer),
    });
    const { project } = requireMaintainer(gitlab, request, id);
    if (gitlab.namespaces.findProject(String(target_project_id)) === undefined) {
      throw recordNotFound();
    }
    gitlab.jobTokenAllowlist.delete(project, target_project_id);
    return reply.code(204).send();
  });
}

function requireMaintainer(
  gitlab: GitLab,
  request: FastifyRequest,
  id: string,
): { project: Project; caller: Caller } {
  const caller = requireCaller(gitlab, request);
  return { project: requireProjectRole(gitlab, id, caller, "maintainer"), caller };
}
