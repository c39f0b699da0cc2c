import type { FastifyInstance } from "fastify";

import { findCaller, requireCaller, type Caller } from "../access/authentication";
import {
  renderMergeRequest,
  renderMergeRequestBasic,
  renderMergeRequestSimple,
} from "../entities/mergeRequest";
import { forbidden, unauthorized } from "../errors";
import type { GitLab } from "../gitlab";
import {
  canReadMergeRequests,
  requireMergeRequest,
  requireVisibleMergeRequest,
} from "../mergeRequests/access";
import { filterMergeRequests, readFilters } from "../mergeRequests/filters";
import type { MergeRequest } from "../model/mergeRequests";
import type { Project } from "../model/namespaces";
import { paginate } from "../http/pagination";
import { integer, readParameters, required, text } from "../http/parameters";
import {
  levelInProject,
  requireGroup,
  requireOpenProject,
  requireProject,
  requireRole,
} from "../access/permissions";

/** Reads the merge requests of a project, of a group, and of the caller. */
export function serveMergeRequests(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/projects/:id/merge_requests", (request, reply) => {
    const caller = findCaller(gitlab, request, { jobTokens: true });
    const { id } = readParameters(request, { id: required(text) });
    const asked = readFilters(request);
    const project = requireOpenProject(gitlab, id, caller, "reporter");
    const found = filterMergeRequests(gitlab, gitlab.mergeRequests.list(project.id), asked, caller);
    return paginate(gitlab, request, reply, found).map((one) =>
      asked.view === "simple"
        ? renderMergeRequestSimple(gitlab, project, one)
        : renderMergeRequestBasic(gitlab, project, one, project),
    );
  });

  app.get("/projects/:id/merge_requests/:merge_request_iid", (request) => {
    const caller = findCaller(gitlab, request, { jobTokens: true });
    const { id, merge_request_iid } = readParameters(request, {
      id: required(text),
      merge_request_iid: required(integer),
    });
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireMergeRequest(gitlab, project, merge_request_iid);
    if (!canReadMergeRequests(gitlab, project, caller)) throw forbidden();
    return {
      ...renderMergeRequest(gitlab, project, mergeRequest, caller),
      first_contribution: false,
    };
  });

  app.get("/groups/:id/merge_requests", (request, reply) => {
    const caller = findCaller(gitlab, request);
    const { id } = readParameters(request, { id: required(text) });
    const asked = readFilters(request);
    const group = requireGroup(gitlab, id, caller);
    const projects = gitlab.namespaces.findProjectsBelow(group);
    const found = filterMergeRequests(gitlab, collect(gitlab, projects, caller), asked, caller);
    return paginate(gitlab, request, reply, found).map((one) => renderAcross(gitlab, one));
  });

  app.get("/merge_requests", (request, reply) => {
    const caller = findCaller(gitlab, request);
    const asked = readFilters(request);
    if (caller === undefined && asked.scope !== "all") throw unauthorized();
    const all = collect(gitlab, gitlab.namespaces.listProjects(), caller);
    const scope = asked.scope ?? "created_by_me";
    const found = filterMergeRequests(gitlab, all, { ...asked, scope }, caller);
    return paginate(gitlab, request, reply, found).map((one) => renderAcross(gitlab, one));
  });

  app.delete("/projects/:id/merge_requests/:merge_request_iid", (request, reply) => {
    const caller = requireCaller(gitlab, request);
    const { id, merge_request_iid } = readParameters(request, {
      id: required(text),
      merge_request_iid: required(integer),
    });
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireVisibleMergeRequest(gitlab, project, merge_request_iid, caller);
    requireRole(levelInProject(gitlab, project, caller.user), "owner");
    gitlab.mergeRequests.delete(mergeRequest);
    return reply.code(204).send();
  });
}

function collect(
  gitlab: GitLab,
  projects: readonly Project[],
  caller: Caller | undefined,
): MergeRequest[] {
  return projects
    .filter((project) => canReadMergeRequests(gitlab, project, caller))
    .flatMap(({ id }) => gitlab.mergeRequests.list(id));
}

function renderAcross(gitlab: GitLab, mergeRequest: MergeRequest): object {
  const project = gitlab.namespaces.findProject(String(mergeRequest.projectId));
  if (project === undefined) throw new Error("A merge request's project has vanished.");
  return renderMergeRequestBasic(gitlab, project, mergeRequest);
}
