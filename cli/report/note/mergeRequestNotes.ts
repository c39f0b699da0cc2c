import type { GitLabRequest } from "../../gitlab/gitlabRequest";

/** A note of a merge request, as far as a report needs it. */
export interface Note {
  readonly id: number;
  readonly body: string;
  /** Number of the user who wrote it. */
  readonly authorId: number;
  /** Whether GitLab wrote it ("added 1 commit"). */
  readonly system: boolean;
}

/** The notes of one merge request. */
export interface MergeRequestNotes {
  /** Number of the user whose token is used. */
  findOwnId(): Promise<number>;
  /** All of them, on all pages, the oldest first. */
  list(): Promise<Note[]>;
  create(body: string): Promise<void>;
  /** @throws GitLabRequestError with status 404 when somebody has deleted it */
  update(id: number, body: string): Promise<void>;
  remove(id: number): Promise<void>;
}

const perPage = 100;

/** GitLab's answer for a note. */
interface RawNote {
  readonly id: number;
  readonly body: string;
  readonly system: boolean;
  readonly author: { readonly id: number };
}

/**
 * The notes of a merge request, by GitLab's REST API.
 *
 * @param project number or full path
 * @param iid the merge request's number in its project
 * @see https://docs.gitlab.com/api/notes/#merge-requests
 */
export function openMergeRequestNotes(
  request: GitLabRequest,
  { project, iid }: { readonly project: string; readonly iid: string },
): MergeRequestNotes {
  const path = `projects/${encodeURIComponent(project)}/merge_requests/${iid}/notes`;
  return {
    async findOwnId() {
      const { body } = await request({ method: "GET", path: "user" });
      return (body as { id: number }).id;
    },
    async list() {
      const notes: Note[] = [];
      for (let page: string | undefined = "1"; page !== undefined;) {
        const query = `per_page=${perPage}&page=${page}&sort=asc&order_by=created_at`;
        const answer = await request({ method: "GET", path: `${path}?${query}` });
        notes.push(...(answer.body as RawNote[]).map(toNote));
        page = answer.nextPage;
      }
      return notes;
    },
    async create(body) {
      await request({ method: "POST", path, body: { body } });
    },
    async update(id, body) {
      await request({ method: "PUT", path: `${path}/${id}`, body: { body } });
    },
    async remove(id) {
      await request({ method: "DELETE", path: `${path}/${id}` });
    },
  };
}

function toNote({ id, body, system, author }: RawNote): Note {
  return { id, body, system, authorId: author.id };
}
