import type { DatabaseSync } from "node:sqlite";

import type { InternalIds } from "./internalIds";
import { hashCommit, type Branches } from "./branches";
import type { User } from "./users";

export const mergeRequestStates = ["opened", "closed", "locked", "merged"] as const;
export type MergeRequestState = (typeof mergeRequestStates)[number];

/** Fields of a merge request that can change, besides its state. */
export interface MergeRequestFields {
  readonly title: string;
  readonly description: string | null;
  readonly targetBranch: string;
  readonly labels: readonly string[];
  readonly assigneeIds: readonly number[];
  readonly reviewerIds: readonly number[];
  readonly removeSourceBranch: boolean | null;
  readonly squash: boolean;
  readonly discussionLocked: boolean | null;
}

/** Default fields of a merge request. */
export const plainFields: Omit<MergeRequestFields, "title" | "targetBranch"> = {
  description: null,
  labels: [],
  assigneeIds: [],
  reviewerIds: [],
  removeSourceBranch: null,
  squash: false,
  discussionLocked: null,
};

/** A merge request. Its two branches are always in the same project, since there are no forks here. */
export interface MergeRequest extends MergeRequestFields {
  readonly id: number;
  /** Number within the project. */
  readonly iid: number;
  readonly projectId: number;
  readonly authorId: number;
  readonly sourceBranch: string;
  readonly state: MergeRequestState;
  /** Head of the source branch; it no longer changes after the merge request is closed or merged. */
  readonly sha: string;
  /** Head of the target branch when the merge request was opened. */
  readonly baseSha: string;
  readonly mergeCommitSha: string | null;
  readonly squashCommitSha: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly mergedAt: string | null;
  readonly mergedById: number | null;
  readonly closedAt: string | null;
  readonly closedById: number | null;
}

interface Row extends Omit<
  MergeRequest,
  | "labels"
  | "assigneeIds"
  | "reviewerIds"
  | "removeSourceBranch"
  | "squash"
  | "discussionLocked"
  | "sha"
> {
  readonly labels: string;
  readonly assigneeIds: string;
  readonly reviewerIds: string;
  readonly removeSourceBranch: number | null;
  readonly squash: number;
  readonly discussionLocked: number | null;
  readonly sha: string | null;
}

const columns = `id, iid, project_id AS projectId, author_id AS authorId, title, description,
  source_branch AS sourceBranch, target_branch AS targetBranch, state, labels,
  assignee_ids AS assigneeIds, reviewer_ids AS reviewerIds,
  remove_source_branch AS removeSourceBranch, squash, discussion_locked AS discussionLocked,
  sha, base_sha AS baseSha, merge_commit_sha AS mergeCommitSha, squash_commit_sha AS squashCommitSha,
  created_at AS createdAt, updated_at AS updatedAt, merged_at AS mergedAt, merged_by_id AS mergedById,
  closed_at AS closedAt, closed_by_id AS closedById`;

/** The merge requests of all projects. */
export class MergeRequests {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
    private readonly internalIds: InternalIds,
    private readonly branches: Branches,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS merge_requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        iid INTEGER NOT NULL,
        project_id INTEGER NOT NULL REFERENCES projects,
        author_id INTEGER NOT NULL REFERENCES users,
        title TEXT NOT NULL,
        description TEXT,
        source_branch TEXT NOT NULL,
        target_branch TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'opened',
        labels TEXT NOT NULL,
        assignee_ids TEXT NOT NULL,
        reviewer_ids TEXT NOT NULL,
        remove_source_branch INTEGER,
        squash INTEGER NOT NULL,
        discussion_locked INTEGER,
        sha TEXT,
        base_sha TEXT NOT NULL,
        merge_commit_sha TEXT,
        squash_commit_sha TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        merged_at TEXT,
        merged_by_id INTEGER REFERENCES users,
        closed_at TEXT,
        closed_by_id INTEGER REFERENCES users,
        UNIQUE (project_id, iid)
      ) STRICT`);
  }

  /** Opens a merge request. */
  create(
    projectId: number,
    author: User,
    sourceBranch: string,
    fields: MergeRequestFields,
  ): MergeRequest {
    const now = this.now().toISOString();
    const row = this.database
      .prepare(
        `INSERT INTO merge_requests (iid, project_id, author_id, source_branch, base_sha,
           created_at, updated_at, title, description, target_branch, labels, assignee_ids,
           reviewer_ids, remove_source_branch, squash, discussion_locked)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(
        this.internalIds.next(projectId, "merge_request"),
        projectId,
        author.id,
        sourceBranch,
        this.branches.headOf(projectId, fields.targetBranch),
        now,
        now,
        ...valuesOf(fields),
      );
    return this.read(row as unknown as Row);
  }

  /** Returns the project's merge requests, oldest first. */
  list(projectId: number): MergeRequest[] {
    const rows = this.database
      .prepare(`SELECT ${columns} FROM merge_requests WHERE project_id = ? ORDER BY id`)
      .all(projectId);
    return (rows as unknown as Row[]).map((row) => this.read(row));
  }

  /** Returns the project's merge request with that number. */
  find(projectId: number, iid: number): MergeRequest | undefined {
    const row = this.database
      .prepare(`SELECT ${columns} FROM merge_requests WHERE project_id = ? AND iid = ?`)
      .get(projectId, iid);
    return row === undefined ? undefined : this.read(row as unknown as Row);
  }

  /** Changes the given fields. */
  update(mergeRequest: MergeRequest, changes: Partial<MergeRequestFields>): MergeRequest {
    this.database
      .prepare(
        `UPDATE merge_requests SET title = ?, description = ?, target_branch = ?, labels = ?,
           assignee_ids = ?, reviewer_ids = ?, remove_source_branch = ?, squash = ?,
           discussion_locked = ?, updated_at = ? WHERE id = ?`,
      )
      .run(...valuesOf({ ...mergeRequest, ...changes }), this.now().toISOString(), mergeRequest.id);
    return this.again(mergeRequest);
  }

  /** Closes the merge request; its head no longer follows the branch. */
  close(mergeRequest: MergeRequest, user: User): MergeRequest {
    const now = this.now().toISOString();
    this.database
      .prepare(
        `UPDATE merge_requests SET state = 'closed', sha = ?, closed_at = ?, closed_by_id = ?,
           updated_at = ? WHERE id = ?`,
      )
      .run(mergeRequest.sha, now, user.id, now, mergeRequest.id);
    return this.again(mergeRequest);
  }

  /** Reopens the merge request. */
  reopen(mergeRequest: MergeRequest): MergeRequest {
    this.database
      .prepare(
        `UPDATE merge_requests SET state = 'opened', sha = NULL, closed_at = NULL,
           closed_by_id = NULL, updated_at = ? WHERE id = ?`,
      )
      .run(this.now().toISOString(), mergeRequest.id);
    return this.again(mergeRequest);
  }

  /** Merges the source branch, which gives the target branch a new head. */
  merge(mergeRequest: MergeRequest, user: User): MergeRequest {
    const { id, projectId, targetBranch, sha, squash } = mergeRequest;
    const now = this.now().toISOString();
    const target = this.branches.headOf(projectId, targetBranch);
    const squashCommit = squash ? hashCommit("squash", target, sha) : null;
    const mergeCommit = hashCommit("merge", target, squashCommit ?? sha);
    this.branches.move(projectId, targetBranch, mergeCommit);
    this.database
      .prepare(
        `UPDATE merge_requests SET state = 'merged', sha = ?, merge_commit_sha = ?,
           squash_commit_sha = ?, merged_at = ?, merged_by_id = ?, updated_at = ? WHERE id = ?`,
      )
      .run(sha, mergeCommit, squashCommit, now, user.id, now, id);
    return this.again(mergeRequest);
  }

  /** Records that something about the merge request, such as a note, changes now. */
  touch(mergeRequest: MergeRequest): void {
    this.database
      .prepare("UPDATE merge_requests SET updated_at = ? WHERE id = ?")
      .run(this.now().toISOString(), mergeRequest.id);
  }

  /** Removes the merge request. */
  delete(mergeRequest: MergeRequest): void {
    this.database.prepare("DELETE FROM merge_requests WHERE id = ?").run(mergeRequest.id);
  }

  private again({ projectId, iid }: MergeRequest): MergeRequest {
    const found = this.find(projectId, iid);
    if (found === undefined) throw new Error(`Merge request ${iid} has vanished.`);
    return found;
  }

  private read(row: Row): MergeRequest {
    return {
      ...row,
      labels: JSON.parse(row.labels) as string[],
      assigneeIds: JSON.parse(row.assigneeIds) as number[],
      reviewerIds: JSON.parse(row.reviewerIds) as number[],
      removeSourceBranch: readTruth(row.removeSourceBranch),
      squash: row.squash === 1,
      discussionLocked: readTruth(row.discussionLocked),
      sha: row.sha ?? this.branches.headOf(row.projectId, row.sourceBranch),
    };
  }
}

/** Whether the title marks the merge request as a draft. */
export function isDraft({ title }: Pick<MergeRequest, "title">): boolean {
  return draftPrefix.test(title);
}

/** Returns the title without the mark of a draft. */
export function withoutDraft(title: string): string {
  return title.replace(draftPrefix, "");
}

const draftPrefix = /^(?:(?:\[draft\]|\(draft\)|draft:)\s*)+/i;

function readTruth(stored: number | null): boolean | null {
  return stored === null ? null : stored === 1;
}

function valuesOf(fields: MergeRequestFields) {
  const stored = (value: boolean | null) => (value === null ? null : Number(value));
  return [
    fields.title,
    fields.description,
    fields.targetBranch,
    JSON.stringify(fields.labels),
    JSON.stringify(fields.assigneeIds),
    JSON.stringify(fields.reviewerIds),
    stored(fields.removeSourceBranch),
    Number(fields.squash),
    stored(fields.discussionLocked),
  ];
}
