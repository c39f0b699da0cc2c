import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/**
 * Commits at the heads of branches and tags. There is no git: a branch or tag exists once it is named. Its head is
 * the commit of its last pipeline or, before any, a hash of its name.
 */
export class Branches {
  constructor(private readonly database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS branches (
        project_id INTEGER NOT NULL REFERENCES projects,
        name TEXT NOT NULL,
        sha TEXT NOT NULL,
        PRIMARY KEY (project_id, name)
      ) STRICT`);
  }

  /** Returns the hash of the head. */
  headOf(projectId: number, name: string): string {
    const row = this.database
      .prepare("SELECT sha FROM branches WHERE project_id = ? AND name = ?")
      .get(projectId, name) as { sha: string } | undefined;
    return row?.sha ?? hashCommit(String(projectId), name);
  }

  /** Moves the head, as a push or a merge does. */
  move(projectId: number, name: string, sha: string): void {
    this.database
      .prepare("INSERT OR REPLACE INTO branches VALUES (?, ?, ?)")
      .run(projectId, name, sha);
  }
}

/** Computes a commit's hash from its parts. */
export function hashCommit(...parts: readonly string[]): string {
  return createHash("sha1").update(parts.join("\0")).digest("hex");
}
