import type { DatabaseSync } from "node:sqlite";

import type { Project } from "./namespaces";

/** Which other projects' job tokens may access a project: the inbound allowlist, enabled for every project. */
export class JobTokenAllowlist {
  constructor(private readonly database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS job_token_allowlist (
        project_id INTEGER NOT NULL REFERENCES projects,
        allowed_project_id INTEGER NOT NULL REFERENCES projects,
        PRIMARY KEY (project_id, allowed_project_id)
      ) STRICT`);
  }

  /** Allows access by another project's jobs. */
  add(project: Project, allowed: Project): void {
    this.database
      .prepare("INSERT OR IGNORE INTO job_token_allowlist VALUES (?, ?)")
      .run(project.id, allowed.id);
  }

  /** Removes the access of another project's jobs. */
  delete(project: Project, allowedId: number): void {
    this.database
      .prepare("DELETE FROM job_token_allowlist WHERE project_id = ? AND allowed_project_id = ?")
      .run(project.id, allowedId);
  }

  /** Whether the project allows access by the other project's jobs. A project always allows its own. */
  includes(project: Project, allowedId: number): boolean {
    return this.list(project).includes(allowedId);
  }

  /** Returns ids of the projects whose jobs have access, the project's own first. */
  list(project: Project): number[] {
    const rows = this.database
      .prepare(
        "SELECT allowed_project_id AS id FROM job_token_allowlist WHERE project_id = ? ORDER BY id",
      )
      .all(project.id) as unknown as { id: number }[];
    return [project.id, ...rows.map(({ id }) => id)];
  }
}
