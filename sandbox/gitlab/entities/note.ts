import type { GitLab } from "../gitlab";
import type { MergeRequest } from "../model/mergeRequests";
import type { Note } from "../model/notes";
import { renderUserById } from "./user";

/** Renders a note on a merge request. */
export function renderNote(gitlab: GitLab, mergeRequest: MergeRequest, note: Note): object {
  return {
    id: note.id,
    type: null,
    body: note.body,
    attachment: null,
    author: renderUserById(gitlab, note.authorId),
    created_at: note.createdAt,
    updated_at: note.updatedAt,
    system: note.system,
    noteable_id: mergeRequest.id,
    noteable_type: "MergeRequest",
    project_id: mergeRequest.projectId,
    // Only threads can be resolved, and they have their own API.
    resolvable: false,
    confidential: note.internal,
    internal: note.internal,
    imported: false,
    imported_from: "none",
    noteable_iid: mergeRequest.iid,
    commands_changes: {},
  };
}
