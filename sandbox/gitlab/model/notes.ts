import type { DatabaseSync } from "node:sqlite";

import type { MergeRequest } from "./mergeRequests";
import type { User } from "./users";

/** A comment on a merge request, or a note that GitLab wrote. */
export interface Note {
  readonly id: number;
  readonly mergeRequestId: number;
  readonly authorId: number;
  readonly body: string;
  /** Whether GitLab wrote it about a change. Such a note can't be edited. */
  readonly system: boolean;
  /** Whether only members from Reporter on can read it. */
  readonly internal: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Properties of a new note. */
export interface NoteArgs extends Pick<Note, "body"> {
  /** @default false */
  readonly system?: boolean;
  /** @default false */
  readonly internal?: boolean;
  /** @default now */
  readonly createdAt?: string | undefined;
}

interface Row extends Omit<Note, "system" | "internal"> {
  readonly system: number;
  readonly internal: number;
}

const columns = `id, merge_request_id AS mergeRequestId, author_id AS authorId, body, system, internal,
  created_at AS createdAt, updated_at AS updatedAt`;

/** The notes on all merge requests. */
export class Notes {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        merge_request_id INTEGER NOT NULL REFERENCES merge_requests ON DELETE CASCADE,
        author_id INTEGER NOT NULL REFERENCES users,
        body TEXT NOT NULL,
        system INTEGER NOT NULL,
        internal INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
      ) STRICT`);
  }

  /** Creates a note. */
  create(mergeRequest: MergeRequest, author: User, args: NoteArgs): Note {
    const createdAt = args.createdAt ?? this.now().toISOString();
    const row = this.database
      .prepare(
        `INSERT INTO notes
           (merge_request_id, author_id, body, system, internal, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(
        mergeRequest.id,
        author.id,
        args.body,
        Number(args.system ?? false),
        Number(args.internal ?? false),
        createdAt,
        createdAt,
      );
    return read(row as unknown as Row);
  }

  /** Returns the merge request's notes, oldest first. */
  list(mergeRequest: MergeRequest): Note[] {
    const rows = this.database
      .prepare(`SELECT ${columns} FROM notes WHERE merge_request_id = ? ORDER BY id`)
      .all(mergeRequest.id);
    return (rows as unknown as Row[]).map(read);
  }

  /** Returns the merge request's note with that id. */
  find(mergeRequest: MergeRequest, id: number): Note | undefined {
    const row = this.database
      .prepare(`SELECT ${columns} FROM notes WHERE merge_request_id = ? AND id = ?`)
      .get(mergeRequest.id, id);
    return row === undefined ? undefined : read(row as unknown as Row);
  }

  /** Changes the text of the note. */
  update(note: Note, body: string): Note {
    const updatedAt = this.now().toISOString();
    this.database
      .prepare("UPDATE notes SET body = ?, updated_at = ? WHERE id = ?")
      .run(body, updatedAt, note.id);
    return { ...note, body, updatedAt };
  }

  /** Removes the note. */
  delete(note: Note): void {
    this.database.prepare("DELETE FROM notes WHERE id = ?").run(note.id);
  }
}

function read(row: Row): Note {
  return { ...row, system: row.system === 1, internal: row.internal === 1 };
}
