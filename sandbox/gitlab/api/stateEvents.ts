import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller } from "../access/authentication";
import { renderUserById } from "../entities/user";
import { recordNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import { requireVisibleMergeRequest } from "../mergeRequests/access";
import type { MergeRequest } from "../model/mergeRequests";
import type { StateEvent } from "../model/stateEvents";
import { paginate } from "../http/pagination";
import { integer, readParameters, required, text } from "../http/parameters";
import { requireProject } from "../access/permissions";

const path = "/projects/:id/merge_requests/:eventable_iid/resource_state_events";

/** Lists who closed, reopened and merged a merge request. */
export function serveStateEvents(app: FastifyInstance, gitlab: GitLab): void {
  app.get(path, (request, reply) => {
    const events = gitlab.stateEvents.list(requireEventable(gitlab, request));
    return paginate(gitlab, request, reply, events).map((event) => renderEvent(gitlab, event));
  });

  app.get(`${path}/:event_id`, (request) => {
    const mergeRequest = requireEventable(gitlab, request);
    const { event_id } = readParameters(request, { event_id: required(integer) });
    const event = gitlab.stateEvents.list(mergeRequest).find(({ id }) => id === event_id);
    if (event === undefined) throw recordNotFound();
    return renderEvent(gitlab, event);
  });
}

function requireEventable(gitlab: GitLab, request: FastifyRequest): MergeRequest {
  const caller = requireCaller(gitlab, request);
  const { id, eventable_iid } = readParameters(request, {
    id: required(text),
    eventable_iid: required(integer),
  });
  const project = requireProject(gitlab, id, caller);
  return requireVisibleMergeRequest(gitlab, project, eventable_iid, caller);
}

function renderEvent(gitlab: GitLab, event: StateEvent): object {
  return {
    id: event.id,
    user: renderUserById(gitlab, event.userId),
    created_at: event.createdAt,
    resource_type: "MergeRequest",
    resource_id: event.mergeRequestId,
    source_commit: null,
    source_merge_request_id: null,
    state: event.state,
  };
}
