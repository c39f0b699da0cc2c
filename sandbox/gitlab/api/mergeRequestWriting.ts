import type { FastifyInstance } from "fastify";

import { requireCaller } from "../access/authentication";
import { renderMergeRequest } from "../entities/mergeRequest";
import { checkAttributes, conflict, forbidden, invalidParameters, unprocessable } from "../errors";
import type { GitLab } from "../gitlab";
import {
  canReadMergeRequests,
  canUpdateMergeRequest,
  requireMergeRequest,
} from "../mergeRequests/access";
import {
  changeMergeRequest,
  closeMergeRequest,
  reopenMergeRequest,
} from "../mergeRequests/changes";
import { plainFields, type MergeRequest, type MergeRequestFields } from "../model/mergeRequests";
import { integers, words } from "../http/lists";
import {
  boolean,
  filledText,
  integer,
  oneOf,
  optional,
  readParameters,
  required,
  text,
} from "../http/parameters";
import { requireProject, requireProjectRole } from "../access/permissions";

const maximumTitle = 255;
const maximumDescription = 1_048_576;

const fields = {
  description: optional(text),
  assignee_id: optional(integer),
  assignee_ids: optional(integers),
  reviewer_ids: optional(integers),
  labels: optional(words),
  add_labels: optional(words),
  remove_labels: optional(words),
  remove_source_branch: optional(boolean),
  squash: optional(boolean),
};

/** A change must have at least one of these, in GitLab's order. */
const changeable = [
  "assignee_id",
  "assignee_ids",
  "reviewer_ids",
  "description",
  "labels",
  "add_labels",
  "remove_labels",
  "milestone_id",
  "remove_source_branch",
  "allow_collaboration",
  "allow_maintainer_to_push",
  "squash",
  "target_branch",
  "title",
  "state_event",
  "discussion_locked",
  "merge_after",
] as const;

/** Opens and changes merge requests. */
export function serveMergeRequestWriting(app: FastifyInstance, gitlab: GitLab): void {
  app.post("/projects/:id/merge_requests", (request, reply) => {
    const caller = requireCaller(gitlab, request);
    const { id, title, source_branch, target_branch, ...given } = readParameters(request, {
      id: required(text),
      title: required(text),
      source_branch: required(text),
      target_branch: required(text),
      ...fields,
    });
    const project = requireProjectRole(gitlab, id, caller, "developer");
    const values: MergeRequestFields = {
      ...plainFields,
      ...readChanges(gitlab, given, plainFields),
      title,
      targetBranch: target_branch,
    };
    checkFields(values, source_branch);
    checkConflicts(gitlab, project.id, source_branch, target_branch);

    const created = gitlab.mergeRequests.create(project.id, caller.user, source_branch, values);
    return reply.code(201).send(renderMergeRequest(gitlab, project, created, caller));
  });

  app.put("/projects/:id/merge_requests/:merge_request_iid", (request) => {
    const caller = requireCaller(gitlab, request);
    const { id, merge_request_iid, state_event, title, target_branch, ...given } = readParameters(
      request,
      {
        id: required(text),
        merge_request_iid: required(integer),
        title: optional(filledText),
        target_branch: optional(filledText),
        state_event: optional(oneOf(["close", "reopen"])),
        discussion_locked: optional(boolean),
        ...fields,
      },
    );
    const parameters = { ...(request.query as object), ...(request.body as object | null) };
    if (!changeable.some((name) => name in parameters)) {
      throw invalidParameters(
        `${changeable.join(", ")} are missing, at least one parameter must be provided`,
      );
    }
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireMergeRequest(gitlab, project, merge_request_iid);
    if (
      !canReadMergeRequests(gitlab, project, caller) ||
      !canUpdateMergeRequest(gitlab, project, mergeRequest, caller)
    ) {
      throw forbidden();
    }

    const changes = {
      ...readChanges(gitlab, given, mergeRequest),
      ...(title === undefined ? {} : { title }),
      ...(target_branch === undefined ? {} : { targetBranch: target_branch }),
      ...("discussion_locked" in given ? { discussionLocked: given.discussion_locked } : {}),
    };
    const wanted = { ...mergeRequest, ...changes };
    checkFields(wanted, mergeRequest.sourceBranch);
    if (state_event === "reopen" || wanted.targetBranch !== mergeRequest.targetBranch) {
      const { sourceBranch, id: own } = mergeRequest;
      checkConflicts(gitlab, project.id, sourceBranch, wanted.targetBranch, own);
    }
    let changed = changeMergeRequest(gitlab, mergeRequest, caller.user, changes);
    if (state_event === "close") changed = closeMergeRequest(gitlab, changed, caller.user);
    if (state_event === "reopen") changed = reopenMergeRequest(gitlab, changed, caller.user);
    return renderMergeRequest(gitlab, project, changed, caller);
  });
}

type Given = {
  [K in keyof typeof fields]?: (typeof fields)[K] extends { parse: (given: unknown) => infer R }
    ? Extract<R, { value: unknown }>["value"]
    : never;
};

function readChanges(
  gitlab: GitLab,
  given: Given,
  before: Pick<MergeRequest, "labels">,
): Partial<MergeRequestFields> {
  const assignees =
    given.assignee_ids ?? (given.assignee_id === undefined ? undefined : [given.assignee_id]);
  const labels = new Set(given.labels ?? before.labels);
  for (const label of given.add_labels ?? []) labels.add(label);
  for (const label of given.remove_labels ?? []) labels.delete(label);
  // Ids of missing users, such as 0, are ignored.
  const known = (ids: readonly number[]) => ids.filter((id) => gitlab.users.find(id) !== undefined);
  return {
    labels: [...labels],
    ...(given.description === undefined ? {} : { description: given.description }),
    // Several assignees and reviewers are a paid feature; without it GitLab uses the first.
    ...(assignees === undefined ? {} : { assigneeIds: known(assignees).slice(0, 1) }),
    ...(given.reviewer_ids === undefined
      ? {}
      : { reviewerIds: known(given.reviewer_ids).slice(0, 1) }),
    ...(given.remove_source_branch === undefined
      ? {}
      : { removeSourceBranch: given.remove_source_branch }),
    ...(given.squash === undefined ? {} : { squash: given.squash }),
  };
}

function checkFields(
  { title, description, targetBranch }: MergeRequestFields,
  sourceBranch: string,
): void {
  const blank = (value: string): string[] => (value.trim() === "" ? ["can't be blank"] : []);
  const long = (value: string, maximum: number): string[] =>
    value.length > maximum ? [`is too long (maximum is ${maximum} characters)`] : [];
  const problems = {
    source_branch: blank(sourceBranch),
    target_branch: blank(targetBranch),
    title: [...blank(title), ...long(title, maximumTitle)],
    description: long(description ?? "", maximumDescription),
  };
  checkAttributes(problems);
  if (sourceBranch === targetBranch) {
    throw unprocessable(["You can't use same project/branch for source and target"]);
  }
}

/** Refuses a second open merge request between the same two branches. */
function checkConflicts(
  gitlab: GitLab,
  projectId: number,
  source: string,
  target: string,
  own?: number,
): void {
  const other = gitlab.mergeRequests
    .list(projectId)
    .find(
      ({ id, state, sourceBranch, targetBranch }) =>
        id !== own && state === "opened" && sourceBranch === source && targetBranch === target,
    );
  if (other === undefined) return;
  throw conflict([
    `Another open merge request already exists for this source branch: !${other.iid}`,
  ]);
}
