import type { DatabaseSync } from "node:sqlite";

import type { MergeRequest } from "./mergeRequests";
import type { User } from "./users";

/** The changes of a merge request's state. */
export type StateEventKind = "closed" | "reopened" | "merged";

/** A change of a merge request's state, with its user and time. */
export interface StateEvent {
  readonly id: number;
  readonly mergeRequestId: number;
  readonly userId: number;
  readonly state: StateEventKind;
  readonly createdAt: string;
}

const columns = `id, merge_request_id AS mergeRequestId, user_id AS userId, state,
  created_at AS createdAt`;

/** The changes of state of all merge requests, which GitLab stores separately from notes. */
export class StateEvents {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS state_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        merge_request_id INTEGER NOT NULL REFERENCES merge_requests ON DELETE CASCADE,
        user_id INTEGER NOT NULL REFERENCES users,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT`);
  }

  /** Adds an event. */
  record(mergeRequest: MergeRequest, user: User, state: StateEventKind): void {
    this.database
      .prepare(
        "INSERT INTO state_events (merge_request_id, user_id, state, created_at) VALUES (?, ?, ?, ?)",
      )
      .run(mergeRequest.id, user.id, state, this.now().toISOString());
  }

  /** Returns the merge request's events, oldest first. */
  list(mergeRequest: MergeRequest): StateEvent[] {
    return this.database
      .prepare(`SELECT ${columns} FROM state_events WHERE merge_request_id = ? ORDER BY id`)
      .all(mergeRequest.id) as unknown as StateEvent[];
  }
}
