import type { DatabaseSync } from "node:sqlite";

import { createToken, hashToken } from "./secrets";
import type { Project } from "./namespaces";
import type { User } from "./users";

/** Statuses of a job, in GitLab's words. Only the token of a running job is valid. */
export const jobStatuses = [
  "created",
  "pending",
  "running",
  "success",
  "failed",
  "canceled",
  "manual",
] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** Final statuses of a job. */
export const jobOutcomes = ["success", "failed", "canceled"] as const;
export type JobOutcome = (typeof jobOutcomes)[number];

/** A job of a pipeline, without its token, of which only the hash is stored. */
export interface Job {
  readonly id: number;
  readonly pipelineId: number;
  readonly projectId: number;
  /** The user who started the pipeline, whose rights the job has. */
  readonly userId: number;
  readonly name: string;
  readonly stage: string;
  readonly status: JobStatus;
  /** Whether another job has replaced it. */
  readonly retried: boolean;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly erasedAt: string | null;
}

interface Row extends Omit<Job, "retried"> {
  readonly retried: number;
}

const columns = `id, pipeline_id AS pipelineId, project_id AS projectId, user_id AS userId, name, stage,
  status, retried, created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt,
  erased_at AS erasedAt`;

/** Properties of a new job. */
export interface JobArgs {
  readonly pipelineId: number;
  readonly project: Pick<Project, "id">;
  readonly user: Pick<User, "id">;
  readonly name: string;
  readonly stage: string;
  /** `pending` waits for a runner, `manual` for a user who starts it. @default running */
  readonly status?: "running" | "pending" | "manual";
}

/** The jobs of all pipelines. Nothing runs here: the control endpoint and the API change the status of a job. */
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
        retried INTEGER NOT NULL DEFAULT 0,
        token_hash TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL,
        started_at TEXT,
        finished_at TEXT,
        erased_at TEXT
      ) STRICT`);
  }

  /** Creates a job. Only this call returns the value of its token, `CI_JOB_TOKEN`. */
  create(args: JobArgs): Job & { readonly value: string } {
    const value = createToken("glcbt-");
    const now = this.now().toISOString();
    const status = args.status ?? "running";
    const row = this.database
      .prepare(
        `INSERT INTO jobs (pipeline_id, project_id, user_id, name, stage, status, token_hash,
           created_at, started_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(
        args.pipelineId,
        args.project.id,
        args.user.id,
        args.name,
        args.stage,
        status,
        hashToken(value),
        now,
        status === "running" ? now : null,
      );
    return { ...read(row as unknown as Row), value };
  }

  /** Returns the job whose token has this value, even if it has ended. */
  findByToken(value: string): Job | undefined {
    return tryRead(
      this.database
        .prepare(`SELECT ${columns} FROM jobs WHERE token_hash = ?`)
        .get(hashToken(value)),
    );
  }

  /** Returns the job with that id, in any project. */
  findById(id: number): Job | undefined {
    return tryRead(this.database.prepare(`SELECT ${columns} FROM jobs WHERE id = ?`).get(id));
  }

  /** Returns the project's job with that id. */
  find(project: Pick<Project, "id">, id: number): Job | undefined {
    return tryRead(
      this.database
        .prepare(`SELECT ${columns} FROM jobs WHERE project_id = ? AND id = ?`)
        .get(project.id, id),
    );
  }

  /** Returns the project's jobs, newest first. */
  list(project: Pick<Project, "id">): Job[] {
    const rows = this.database
      .prepare(`SELECT ${columns} FROM jobs WHERE project_id = ? ORDER BY id DESC`)
      .all(project.id);
    return (rows as unknown as Row[]).map(read);
  }

  /** Returns the pipeline's jobs, newest first, including retried ones. */
  listOfPipeline(pipelineId: number): Job[] {
    const rows = this.database
      .prepare(`SELECT ${columns} FROM jobs WHERE pipeline_id = ? ORDER BY id DESC`)
      .all(pipelineId);
    return (rows as unknown as Row[]).map(read);
  }

  /** Starts a pending job, as a runner does, and gives it a new token. */
  start(job: Job): Job & { readonly value: string } {
    const value = createToken("glcbt-");
    this.database
      .prepare(
        `UPDATE jobs SET status = 'running', token_hash = ?, started_at = ?
         WHERE id = ? AND status = 'pending'`,
      )
      .run(hashToken(value), this.now().toISOString(), job.id);
    return { ...this.again(job), value };
  }

  /** Makes a manual job wait for a runner. */
  play(job: Job, user: User): Job {
    this.database
      .prepare("UPDATE jobs SET status = 'pending', user_id = ? WHERE id = ? AND status = 'manual'")
      .run(user.id, job.id);
    return this.again(job);
  }

  /** Ends the job, and so its token. A job that has ended doesn't change. */
  end(job: Job, outcome: JobOutcome): Job {
    this.database
      .prepare(
        `UPDATE jobs SET status = ?, finished_at = ?
         WHERE id = ? AND status NOT IN ('success', 'failed', 'canceled')`,
      )
      .run(outcome, this.now().toISOString(), job.id);
    return this.again(job);
  }

  /** Replaces a job that has ended with a new one, which waits for a runner. */
  retry(job: Job, user: User): Job {
    this.database.prepare("UPDATE jobs SET retried = 1 WHERE id = ?").run(job.id);
    const { id } = this.create({
      pipelineId: job.pipelineId,
      project: { id: job.projectId },
      user,
      name: job.name,
      stage: job.stage,
      status: "pending",
    });
    return this.again({ ...job, id });
  }

  /** Records that the job's log and artifacts were erased. */
  erase(job: Job): Job {
    this.database
      .prepare("UPDATE jobs SET erased_at = ? WHERE id = ?")
      .run(this.now().toISOString(), job.id);
    return this.again(job);
  }

  /** Removes the pipeline's jobs; their tokens are then unknown. */
  deleteOfPipeline(pipelineId: number): void {
    this.database.prepare("DELETE FROM jobs WHERE pipeline_id = ?").run(pipelineId);
  }

  private again({ id, projectId }: Job): Job {
    const job = this.find({ id: projectId }, id);
    if (job === undefined) throw new Error(`Job ${id} has vanished.`);
    return job;
  }
}

/** Whether the job has ended. */
export function hasEnded({ status }: Job): boolean {
  return isOutcome(status);
}

/** Whether the status is a final one. */
export function isOutcome(status: JobStatus): status is JobOutcome {
  return jobOutcomes.includes(status as JobOutcome);
}

function tryRead(row: unknown): Job | undefined {
  return row === undefined ? undefined : read(row as Row);
}

function read(row: Row): Job {
  return { ...row, retried: row.retried === 1 };
}
