import type { DatabaseSync } from "node:sqlite";

import type { Environment } from "./environments";
import type { InternalIds } from "./internalIds";
import type { User } from "./users";

/** Statuses of a deployment. Only GitLab's own jobs set the first and the last two. */
export const deploymentStatuses = [
  "created",
  "running",
  "success",
  "failed",
  "canceled",
  "skipped",
  "blocked",
] as const;
export type DeploymentStatus = (typeof deploymentStatuses)[number];

/** The statuses that the API can set. */
export const givenDeploymentStatuses = ["running", "success", "failed", "canceled"] as const;
export type GivenDeploymentStatus = (typeof givenDeploymentStatuses)[number];

/** A deployment to an environment. */
export interface Deployment {
  readonly id: number;
  /** Number within the project. */
  readonly iid: number;
  readonly projectId: number;
  readonly environmentId: number;
  readonly userId: number;
  readonly ref: string;
  readonly tag: boolean;
  readonly sha: string;
  readonly status: DeploymentStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
}

/** Properties of a new deployment. */
export type DeploymentArgs = Pick<Deployment, "ref" | "tag" | "sha"> & {
  readonly status: GivenDeploymentStatus;
};

interface Row extends Omit<Deployment, "tag"> {
  readonly tag: number;
}

const columns = `id, iid, project_id AS projectId, environment_id AS environmentId, user_id AS userId,
  ref, tag, sha, status, created_at AS createdAt, updated_at AS updatedAt,
  finished_at AS finishedAt`;

/** The deployments of all environments. */
export class Deployments {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
    private readonly internalIds: InternalIds,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS deployments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        iid INTEGER NOT NULL,
        project_id INTEGER NOT NULL REFERENCES projects,
        environment_id INTEGER NOT NULL REFERENCES environments ON DELETE CASCADE,
        user_id INTEGER NOT NULL REFERENCES users,
        ref TEXT NOT NULL,
        tag INTEGER NOT NULL,
        sha TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        finished_at TEXT,
        UNIQUE (project_id, iid)
      ) STRICT`);
  }

  /** Creates a deployment. */
  create(environment: Environment, user: User, args: DeploymentArgs): Deployment {
    const now = this.now().toISOString();
    const row = this.database
      .prepare(
        `INSERT INTO deployments (iid, project_id, environment_id, user_id, ref, tag, sha, status,
           created_at, updated_at, finished_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(
        this.internalIds.next(environment.projectId, "deployment"),
        environment.projectId,
        environment.id,
        user.id,
        args.ref,
        Number(args.tag),
        args.sha,
        args.status,
        now,
        now,
        args.status === "running" ? null : now,
      );
    return read(row as unknown as Row);
  }

  /** Returns the project's deployments, oldest first. */
  list(projectId: number): Deployment[] {
    const rows = this.database
      .prepare(`SELECT ${columns} FROM deployments WHERE project_id = ? ORDER BY id`)
      .all(projectId);
    return (rows as unknown as Row[]).map(read);
  }

  /** Returns the project's deployment with that id. */
  find(projectId: number, id: number): Deployment | undefined {
    const row = this.database
      .prepare(`SELECT ${columns} FROM deployments WHERE project_id = ? AND id = ?`)
      .get(projectId, id);
    return row === undefined ? undefined : read(row as unknown as Row);
  }

  /** Returns the environment's last successful deployment. */
  findLast({ id }: Pick<Environment, "id">): Deployment | undefined {
    const row = this.database
      .prepare(
        `SELECT ${columns} FROM deployments WHERE environment_id = ? AND status = 'success'
         ORDER BY id DESC LIMIT 1`,
      )
      .get(id);
    return row === undefined ? undefined : read(row as unknown as Row);
  }

  /** Changes the status of the deployment. */
  setStatus(deployment: Deployment, status: GivenDeploymentStatus): Deployment {
    const now = this.now().toISOString();
    const row = this.database
      .prepare(
        `UPDATE deployments SET status = ?, updated_at = ?, finished_at = ? WHERE id = ?
         RETURNING ${columns}`,
      )
      .get(status, now, status === "running" ? null : now, deployment.id);
    return read(row as unknown as Row);
  }

  /** Removes the deployment. */
  delete(deployment: Deployment): void {
    this.database.prepare("DELETE FROM deployments WHERE id = ?").run(deployment.id);
  }
}

function read(row: Row): Deployment {
  return { ...row, tag: row.tag === 1 };
}
