import type { DatabaseSync } from "node:sqlite";

import type { Group, Project } from "./namespaces";

/** Progress of a repository's removal. */
export type RepositoryStatus = "delete_scheduled" | "delete_ongoing" | "delete_failed";

/** GitLab's record of an image repository; its contents are in the registry. */
export interface ContainerRepository {
  readonly id: number;
  readonly projectId: number;
  /** Path below the project's; empty for the project's root repository. */
  readonly name: string;
  /** Null unless its removal was requested. */
  readonly status: RepositoryStatus | null;
  readonly cleanupStartedAt: string | null;
  readonly createdAt: string;
}

const columns = `id, project_id AS projectId, name, status, cleanup_started_at AS cleanupStartedAt,
  created_at AS createdAt`;

/** How long after a bulk deletion the next one is refused, in milliseconds. */
const bulkDeletionPause = 60 * 60 * 1000;

/** The container repositories of all projects. */
export class ContainerRepositories {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS container_repositories (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id INTEGER NOT NULL REFERENCES projects,
        name TEXT NOT NULL,
        status TEXT,
        cleanup_started_at TEXT,
        bulk_deletion_at TEXT,
        created_at TEXT NOT NULL,
        UNIQUE (project_id, name)
      ) STRICT`);
  }

  /** Creates the record if it is missing: GitLab does so when it grants a push, before anything arrives. */
  ensure(project: Project, name: string): void {
    this.database
      .prepare(
        "INSERT OR IGNORE INTO container_repositories (project_id, name, created_at) VALUES (?, ?, ?)",
      )
      .run(project.id, name, this.now().toISOString());
  }

  /** Returns the repository with that id. */
  find(id: number): ContainerRepository | undefined {
    return this.database
      .prepare(`SELECT ${columns} FROM container_repositories WHERE id = ?`)
      .get(id) as ContainerRepository | undefined;
  }

  /** Returns the project's repositories, oldest first. */
  list(project: Pick<Project, "id">): ContainerRepository[] {
    return this.database
      .prepare(`SELECT ${columns} FROM container_repositories WHERE project_id = ? ORDER BY id`)
      .all(project.id) as unknown as ContainerRepository[];
  }

  /** Returns the repositories of all projects in the group and its subgroups, oldest first. */
  listBelow(group: Group): ContainerRepository[] {
    return this.database
      .prepare(
        `SELECT ${columns} FROM container_repositories
         WHERE project_id IN (SELECT id FROM projects WHERE instr(lower(path), lower(?)) = 1
                              AND registry_access_level <> 'disabled')
         ORDER BY id`,
      )
      .all(`${group.path}/`) as unknown as ContainerRepository[];
  }

  /** Returns the repositories whose removal was requested and has not failed for good. */
  listDoomed(): ContainerRepository[] {
    return this.database
      .prepare(
        `SELECT ${columns} FROM container_repositories
         WHERE status IN ('delete_scheduled', 'delete_ongoing') ORDER BY id`,
      )
      .all() as unknown as ContainerRepository[];
  }

  /** Records the progress of the removal. */
  setStatus(repository: ContainerRepository, status: RepositoryStatus): void {
    this.database
      .prepare("UPDATE container_repositories SET status = ? WHERE id = ?")
      .run(status, repository.id);
  }

  /** Records that the cleanup policy runs on it from now on. */
  startCleanup(repository: ContainerRepository): void {
    this.database
      .prepare("UPDATE container_repositories SET cleanup_started_at = ? WHERE id = ?")
      .run(this.now().toISOString(), repository.id);
  }

  /** Starts a bulk deletion if the last one began more than an hour ago, and returns whether it did. */
  tryBulkDeletion(repository: ContainerRepository): boolean {
    const now = this.now();
    const { changes } = this.database
      .prepare(
        `UPDATE container_repositories SET bulk_deletion_at = ?
         WHERE id = ? AND (bulk_deletion_at IS NULL OR bulk_deletion_at <= ?)`,
      )
      .run(
        now.toISOString(),
        repository.id,
        new Date(now.getTime() - bulkDeletionPause).toISOString(),
      );
    return changes === 1;
  }

  /** Removes the record. */
  delete(repository: ContainerRepository): void {
    this.database.prepare("DELETE FROM container_repositories WHERE id = ?").run(repository.id);
  }
}
