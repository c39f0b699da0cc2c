import type { DatabaseSync } from "node:sqlite";

import type { Group, Project } from "./namespaces";

/** How far the removal of a repository has come. */
export type RepositoryStatus = "delete_scheduled" | "delete_ongoing" | "delete_failed";

/** GitLab's record of a repository of images; what is in it is the registry's. */
export interface ContainerRepository {
  readonly id: number;
  readonly projectId: number;
  /** Path below the project's; empty for the project's own. */
  readonly name: string;
  /** Null while nobody wants it removed. */
  readonly status: RepositoryStatus | null;
  readonly cleanupStartedAt: string | null;
  readonly createdAt: string;
}

const columns = `id, project_id AS projectId, name, status, cleanup_started_at AS cleanupStartedAt,
  created_at AS createdAt`;

/** How long after a bulk deletion the next one is refused. */
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

  /** Adds the repository, unless it is there: GitLab does when it lets somebody push, before anything arrives. */
  ensure(project: Project, name: string): void {
    this.database
      .prepare(
        "INSERT OR IGNORE INTO container_repositories (project_id, name, created_at) VALUES (?, ?, ?)",
      )
      .run(project.id, name, this.now().toISOString());
  }

  /** The repository of that id. */
  find(id: number): ContainerRepository | undefined {
    return this.database
      .prepare(`SELECT ${columns} FROM container_repositories WHERE id = ?`)
      .get(id) as ContainerRepository | undefined;
  }

  /** The project's repositories, oldest first. */
  list(project: Pick<Project, "id">): ContainerRepository[] {
    return this.database
      .prepare(`SELECT ${columns} FROM container_repositories WHERE project_id = ? ORDER BY id`)
      .all(project.id) as unknown as ContainerRepository[];
  }

  /** The repositories of all projects in the group and its subgroups, oldest first. */
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

  /** The repositories whose removal has been asked for and has not failed for good. */
  listDoomed(): ContainerRepository[] {
    return this.database
      .prepare(
        `SELECT ${columns} FROM container_repositories
         WHERE status IN ('delete_scheduled', 'delete_ongoing') ORDER BY id`,
      )
      .all() as unknown as ContainerRepository[];
  }

  /** Notes how far its removal has come. */
  setStatus(repository: ContainerRepository, status: RepositoryStatus): void {
    this.database
      .prepare("UPDATE container_repositories SET status = ? WHERE id = ?")
      .run(status, repository.id);
  }

  /** Notes that the cleanup policy works on it from now on. */
  startCleanup(repository: ContainerRepository): void {
    this.database
      .prepare("UPDATE container_repositories SET cleanup_started_at = ? WHERE id = ?")
      .run(this.now().toISOString(), repository.id);
  }

  /** Whether a bulk deletion may begin, which it then has: one an hour, whatever became of the last. */
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
