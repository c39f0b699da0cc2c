import type { FastifyInstance } from "fastify";

import { findCaller, requireCaller } from "../access/authentication";
import { renderMergeRequest } from "../entities/mergeRequest";
import { renderPipeline, renderPipelineBasic } from "../entities/pipeline";
import { conflict, forbidden, notAllowed, unauthorized } from "../errors";
import type { GitLab } from "../gitlab";
import {
  canMerge,
  canReadMergeRequests,
  requireMergeRequest,
  requireVisibleMergeRequest,
} from "../mergeRequests/access";
import { mergeMergeRequest } from "../mergeRequests/changes";
import { isDraft } from "../model/mergeRequests";
import { paginate } from "../http/pagination";
import { boolean, integer, optional, readParameters, required, text } from "../http/parameters";
import { levelInProject, requireProject, requireRole } from "../access/permissions";

const path = "/projects/:id/merge_requests/:merge_request_iid";
const parameters = { id: required(text), merge_request_iid: required(integer) };

/** Merging, and the pipelines of a merge request. */
export function serveMergeRequestMerging(app: FastifyInstance, gitlab: GitLab): void {
  app.put(`${path}/merge`, (request) => {
    const caller = requireCaller(gitlab, request);
    const { id, merge_request_iid, sha, squash } = readParameters(request, {
      ...parameters,
      merge_commit_message: optional(text),
      squash_commit_message: optional(text),
      should_remove_source_branch: optional(boolean),
      merge_when_pipeline_succeeds: optional(boolean),
      auto_merge: optional(boolean),
      sha: optional(text),
      squash: optional(boolean),
    });
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireVisibleMergeRequest(gitlab, project, merge_request_iid, caller);
    // GitLab answers 401 here, although the caller is authenticated.
    if (!canMerge(gitlab, project, mergeRequest, caller)) throw unauthorized();
    if (sha !== undefined && sha !== mergeRequest.sha) {
      throw conflict(`SHA does not match HEAD of source branch: ${mergeRequest.sha}`);
    }
    if (mergeRequest.state !== "opened" || isDraft(mergeRequest)) throw notAllowed();

    // "Merge when the pipeline succeeds" merges at once, because nothing runs here.
    const ready =
      squash === true ? gitlab.mergeRequests.update(mergeRequest, { squash }) : mergeRequest;
    const merged = mergeMergeRequest(gitlab, ready, caller.user);
    return renderMergeRequest(gitlab, project, merged, caller);
  });

  app.get(`${path}/pipelines`, (request, reply) => {
    const caller = findCaller(gitlab, request);
    const { id, merge_request_iid } = readParameters(request, parameters);
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireMergeRequest(gitlab, project, merge_request_iid);
    if (!canReadMergeRequests(gitlab, project, caller)) throw forbidden();
    const pipelines = gitlab.pipelines.listOfMergeRequest(mergeRequest);
    return paginate(gitlab, request, reply, pipelines).map((pipeline) =>
      renderPipelineBasic(gitlab, project, pipeline),
    );
  });

  app.post(`${path}/pipelines`, (request) => {
    const caller = requireCaller(gitlab, request);
    const { id, merge_request_iid } = readParameters(request, parameters);
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireMergeRequest(gitlab, project, merge_request_iid);
    if (!canReadMergeRequests(gitlab, project, caller)) throw forbidden();
    requireRole(levelInProject(gitlab, project, caller.user), "developer");
    const pipeline = gitlab.pipelines.create({
      project,
      user: caller.user,
      ref: `refs/merge-requests/${mergeRequest.iid}/head`,
      sha: mergeRequest.sha,
      source: "merge_request_event",
    });
    // GitLab answers 200 here, although a pipeline is created.
    return renderPipeline(gitlab, project, pipeline);
  });
}
