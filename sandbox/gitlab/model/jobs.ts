import type { DatabaseSync } from "node:sqlite";

import { createToken, hashToken } from "../secrets";
import type { Project } from "./namespaces";
import type { User } from "./users";

/** How far a job has come, in GitLab's words. Only a running job's token opens anything. */
export const jobStatuses = ["running", "success", "failed", "canceled"] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** A job of a pipeline, without its token: only that one's hash is stored. */
export interface Job {
  readonly id: number;
  readonly pipelineId: number;
  readonly projectId: number;
  /** Who started the pipeline: the job may do what this user may. */
  readonly userId: number;
  readonly name: string;
  readonly stage: string;
  readonly status: JobStatus;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

const columns = `id, pipeline_id AS pipelineId, project_id AS projectId, user_id AS userId, name, stage,
  status, created_at AS createdAt, finished_at AS finishedAt`;

/** The jobs of all pipelines. Nothing runs here: a job is running from its creation until it is ended. */
export class Jobs {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        pipeline_id INTEGER NOT NULL,
        project_id INTEGER NOT NULL REFERENCES projects,
        user_id INTEGER NOT NULL REFERENCES users,
        name TEXT NOT NULL,
        stage TEXT NOT NULL,
        status TEXT NOT NULL,
        token_hash TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL,
        finished_at TEXT
      ) STRICT`);
  }

  /** Starts a job. The value of its token, `CI_JOB_TOKEN`, is given here and never again. */
  create(args: {
    readonly pipelineId: number;
    readonly project: Project;
    readonly user: User;
    readonly name: string;
    readonly stage: string;
  }): Job & { readonly value: string } {
    const value = createToken("glcbt-");
    const job = this.database
      .prepare(
        `INSERT INTO jobs (pipeline_id, project_id, user_id, name, stage, status, token_hash, created_at)
         VALUES (?, ?, ?, ?, ?, 'running', ?, ?) RETURNING ${columns}`,
      )
      .get(
        args.pipelineId,
        args.project.id,
        args.user.id,
        args.name,
        args.stage,
        hashToken(value),
        this.now().toISOString(),
      );
    return { ...(job as unknown as Job), value };
  }

  /** The job whose token has this value, ended ones too. */
  findByToken(value: string): Job | undefined {
    return this.database
      .prepare(`SELECT ${columns} FROM jobs WHERE token_hash = ?`)
      .get(hashToken(value)) as Job | undefined;
  }

  /** The project's job of that id. */
  find(project: Project, id: number): Job | undefined {
    return this.database
      .prepare(`SELECT ${columns} FROM jobs WHERE project_id = ? AND id = ?`)
      .get(project.id, id) as Job | undefined;
  }

  /** Ends the job, and with it its token. One that has ended stays as it is. */
  end(job: Job, status: Exclude<JobStatus, "running">): Job {
    this.database
      .prepare("UPDATE jobs SET status = ?, finished_at = ? WHERE id = ? AND status = 'running'")
      .run(status, this.now().toISOString(), job.id);
    return this.database
      .prepare(`SELECT ${columns} FROM jobs WHERE id = ?`)
      .get(job.id) as unknown as Job;
  }
}
