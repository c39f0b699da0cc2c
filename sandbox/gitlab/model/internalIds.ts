import type { DatabaseSync } from "node:sqlite";

/** Records that are numbered within each project, starting at 1: their `iid`. */
export type CountedRecord = "merge_request" | "deployment" | "pipeline";

/** The last number of each kind of record in each project. Numbers are never used again. */
export class InternalIds {
  constructor(private readonly database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS internal_ids (
        project_id INTEGER NOT NULL REFERENCES projects,
        kind TEXT NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (project_id, kind)
      ) STRICT`);
  }

  /** Returns the next number for a record of that kind in the project. */
  next(projectId: number, kind: CountedRecord): number {
    const row = this.database
      .prepare(
        `INSERT INTO internal_ids VALUES (?, ?, 1)
         ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last`,
      )
      .get(projectId, kind);
    return (row as unknown as { last: number }).last;
  }
}
