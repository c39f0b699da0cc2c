import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller, type Caller } from "../access/authentication";
import { renderNote } from "../entities/note";
import { badRequest, forbidden, recordNotFound, resourceNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import { requireVisibleMergeRequest } from "../mergeRequests/access";
import { roles } from "../model/members";
import type { MergeRequest } from "../model/mergeRequests";
import type { Project } from "../model/namespaces";
import type { Note } from "../model/notes";
import { paginate } from "../http/pagination";
import { instant } from "../http/dates";
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
import { levelInProject, requireProject } from "../access/permissions";
import { directions, sortBy } from "../http/sorting";

const maximumLength = 1_000_000;

const path = "/projects/:id/merge_requests/:noteable_id/notes";

/** The notes on a merge request: comments and GitLab's own notes. */
export function serveNotes(app: FastifyInstance, gitlab: GitLab): void {
  app.get(path, (request, reply) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const { id, noteable_id, order_by, sort, activity_filter } = readParameters(request, {
      id: required(text),
      noteable_id: required(integer),
      order_by: optional(oneOf(["created_at", "updated_at"])),
      sort: optional(oneOf(directions)),
      activity_filter: optional(oneOf(["all_notes", "only_comments", "only_activity"])),
    });
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireVisibleMergeRequest(gitlab, project, noteable_id, caller);
    const notes = gitlab.notes
      .list(mergeRequest)
      .filter(
        ({ system }) =>
          activity_filter === undefined ||
          activity_filter === "all_notes" ||
          system === (activity_filter === "only_activity"),
      );
    const byTime = order_by === "updated_at" ? "updatedAt" : "createdAt";
    const sorted = sortBy(notes, (note) => note[byTime], sort ?? "desc");
    // As in GitLab, notes that the caller may not read are removed after the page is cut.
    return paginate(gitlab, request, reply, sorted)
      .filter((note) => canRead(gitlab, project, note, caller))
      .map((note) => renderNote(gitlab, mergeRequest, note));
  });

  app.get(`${path}/:note_id`, (request) => {
    const { caller, project, mergeRequest, note } = requireNote(gitlab, request, true);
    if (!canRead(gitlab, project, note, caller)) throw resourceNotFound("Note");
    return renderNote(gitlab, mergeRequest, note);
  });

  app.post(path, (request, reply) => {
    const caller = requireCaller(gitlab, request);
    const { id, noteable_id, body, ...given } = readParameters(request, {
      id: required(text),
      noteable_id: required(integer),
      body: required(text),
      internal: optional(boolean),
      confidential: optional(boolean),
      created_at: optional(instant),
      merge_request_diff_head_sha: optional(text),
    });
    gitlab.limits.checkNote(caller.user.id);
    const project = requireProject(gitlab, id, caller);
    const mergeRequest = requireVisibleMergeRequest(gitlab, project, noteable_id, caller);
    checkBody(body);

    const level = levelInProject(gitlab, project, caller.user);
    if (mergeRequest.discussionLocked === true && level < roles.guest) throw forbidden();
    const note = gitlab.notes.create(mergeRequest, caller.user, {
      body,
      internal: given.internal ?? given.confidential ?? false,
      // Only owners may set a past date.
      createdAt: level >= roles.owner ? given.created_at : undefined,
    });
    gitlab.mergeRequests.touch(mergeRequest);
    return reply.code(201).send(renderNote(gitlab, mergeRequest, note));
  });

  app.put(`${path}/:note_id`, (request) => {
    const { caller, project, mergeRequest, note } = requireNote(gitlab, request);
    const { body = note.body } = readParameters(request, { body: optional(filledText) });
    if (!canAdminister(gitlab, project, note, caller)) throw forbidden();
    checkBody(body);
    return renderNote(gitlab, mergeRequest, gitlab.notes.update(note, body));
  });

  app.delete(`${path}/:note_id`, (request, reply) => {
    const { caller, project, note } = requireNote(gitlab, request);
    if (!canAdminister(gitlab, project, note, caller)) throw forbidden();
    gitlab.notes.delete(note);
    return reply.code(204).send();
  });
}

function requireNote(
  gitlab: GitLab,
  request: FastifyRequest,
  jobTokens = false,
): { caller: Caller; project: Project; mergeRequest: MergeRequest; note: Note } {
  const caller = requireCaller(gitlab, request, { jobTokens });
  const { id, noteable_id, note_id } = readParameters(request, {
    id: required(text),
    noteable_id: required(integer),
    note_id: required(integer),
  });
  const project = requireProject(gitlab, id, caller);
  const mergeRequest = requireVisibleMergeRequest(gitlab, project, noteable_id, caller);
  const note = gitlab.notes.find(mergeRequest, note_id);
  if (note === undefined) throw recordNotFound();
  return { caller, project, mergeRequest, note };
}

/** Whether the caller may read the note. Internal notes need a reporter, even if the caller wrote the note. */
function canRead(gitlab: GitLab, project: Project, note: Note, { user }: Caller): boolean {
  return !note.internal || levelInProject(gitlab, project, user) >= roles.reporter;
}

/** Whether the caller may change the note: authors their own, maintainers all, but nobody GitLab's own. */
function canAdminister(gitlab: GitLab, project: Project, note: Note, caller: Caller): boolean {
  if (note.system || !canRead(gitlab, project, note, caller)) return false;
  return (
    note.authorId === caller.user.id ||
    levelInProject(gitlab, project, caller.user) >= roles.maintainer
  );
}

/** Refuses an invalid body. GitLab answers with its internal list of errors, in Ruby's notation. */
function checkBody(body: string): void {
  const problems = [
    ...(body.trim() === "" ? ["can't be blank"] : []),
    ...(body.length > maximumLength
      ? [`is too long (maximum is ${maximumLength} characters)`]
      : []),
  ];
  if (problems.length > 0) {
    throw badRequest(`Note {:note=>[${problems.map((text) => `"${text}"`).join(", ")}]}`);
  }
}
