import type { GitLabClient } from "../../gitlab/client";

/** A note of a merge request, with the properties that a report needs. */
export interface Note {
  readonly id: number;
  readonly body: string;
  /** User id of its author. */
  readonly authorId: number;
  /** Whether GitLab wrote it ("added 1 commit"). */
  readonly system: boolean;
}

/** The notes of one merge request. */
export interface MergeRequestNotes {
  /** Returns the user id of the token's owner. */
  findOwnId(): Promise<number>;
  /** Lists all notes, the oldest first. */
  list(): Promise<Note[]>;
  create(body: string): Promise<void>;
  /** @throws GitLabError with status 404 if the note was deleted */
  update(id: number, body: string): Promise<void>;
  remove(id: number): Promise<void>;
}

/** A note in GitLab's answer. */
interface RawNote {
  readonly id: number;
  readonly body: string;
  readonly system: boolean;
  readonly author: { readonly id: number };
}

/**
 * Opens the notes of a merge request.
 *
 * @param project number or full path
 * @param iid the merge request's number in its project
 * @see https://docs.gitlab.com/api/notes/#merge-requests
 */
export function openMergeRequestNotes(
  client: Pick<GitLabClient, "call" | "listAll">,
  { project, iid }: { readonly project: string; readonly iid: string },
): MergeRequestNotes {
  const path = `/projects/${encodeURIComponent(project)}/merge_requests/${iid}/notes`;
  return {
    async findOwnId() {
      const { body } = await client.call("GET", "/user");
      return (body as { id: number }).id;
    },
    async list() {
      const notes = await client.listAll<RawNote>(path, "&sort=asc&order_by=created_at");
      return notes.map(toNote);
    },
    async create(body) {
      await client.call("POST", path, { body: { body } });
    },
    async update(id, body) {
      await client.call("PUT", `${path}/${id}`, { body: { body } });
    },
    async remove(id) {
      await client.call("DELETE", `${path}/${id}`);
    },
  };
}

function toNote({ id, body, system, author }: RawNote): Note {
  return { id, body, system, authorId: author.id };
}
