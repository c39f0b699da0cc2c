import type { DatabaseSync } from "node:sqlite";

import type { Branches } from "./branches";
import type { InternalIds } from "./internalIds";
import { hasEnded, type Job, type Jobs, type JobStatus } from "./jobs";
import type { MergeRequest } from "./mergeRequests";
import type { Project } from "./namespaces";
import type { User } from "./users";

/** Events that start a pipeline. */
export const pipelineSources = [
  "push",
  "web",
  "trigger",
  "schedule",
  "api",
  "external",
  "pipeline",
  "chat",
  "webide",
  "merge_request_event",
  "external_pull_request_event",
  "parent_pipeline",
  "ondemand_dast_scan",
  "ondemand_dast_validation",
  "security_orchestration_policy",
] as const;
export type PipelineSource = (typeof pipelineSources)[number];

/** A variable of the request that started a pipeline. */
export interface PipelineVariable {
  readonly key: string;
  readonly value: string;
  readonly variableType: "env_var" | "file";
}

/** A pipeline. Its status and times are computed from its jobs. */
export interface Pipeline {
  readonly id: number;
  /** Number within the project. */
  readonly iid: number;
  readonly projectId: number;
  readonly userId: number;
  readonly ref: string;
  readonly tag: boolean;
  readonly sha: string;
  readonly source: PipelineSource;
  readonly name: string | null;
  readonly variables: readonly PipelineVariable[];
  readonly status: JobStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** Properties of a new pipeline. */
export interface PipelineArgs extends Pick<Pipeline, "ref" | "source"> {
  readonly project: Project;
  readonly user: User;
  /** @default false */
  readonly tag?: boolean;
  /** Commit that the branch or tag moves to. @default its present head */
  readonly sha?: string | undefined;
  /** @default none */
  readonly variables?: readonly PipelineVariable[];
}

interface Row extends Omit<
  Pipeline,
  "tag" | "variables" | "status" | "updatedAt" | "startedAt" | "finishedAt"
> {
  readonly tag: number;
  readonly variables: string;
  readonly canceledAt: string | null;
}

const columns = `id, iid, project_id AS projectId, user_id AS userId, ref, tag, sha, source, name,
  variables, canceled_at AS canceledAt, created_at AS createdAt`;

/** The pipelines of all projects. */
export class Pipelines {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
    private readonly internalIds: InternalIds,
    private readonly branches: Branches,
    private readonly jobs: Jobs,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS pipelines (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        iid INTEGER NOT NULL,
        project_id INTEGER NOT NULL REFERENCES projects,
        user_id INTEGER NOT NULL REFERENCES users,
        ref TEXT NOT NULL,
        tag INTEGER NOT NULL,
        sha TEXT NOT NULL,
        source TEXT NOT NULL,
        name TEXT,
        variables TEXT NOT NULL,
        canceled_at TEXT,
        created_at TEXT NOT NULL,
        UNIQUE (project_id, iid)
      ) STRICT`);
  }

  /** Creates a pipeline, without jobs. */
  create({ project, user, ref, source, tag, sha, variables }: PipelineArgs): Pipeline {
    if (sha !== undefined) this.branches.move(project.id, ref, sha);
    const row = this.database
      .prepare(
        `INSERT INTO pipelines
           (iid, project_id, user_id, ref, tag, sha, source, variables, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(
        this.internalIds.next(project.id, "pipeline"),
        project.id,
        user.id,
        ref,
        Number(tag ?? false),
        this.branches.headOf(project.id, ref),
        source,
        JSON.stringify(variables ?? []),
        this.now().toISOString(),
      );
    return this.read(row as unknown as Row);
  }

  /** Returns the project's pipelines, newest first. */
  list(projectId: number): Pipeline[] {
    const rows = this.database
      .prepare(`SELECT ${columns} FROM pipelines WHERE project_id = ? ORDER BY id DESC`)
      .all(projectId);
    return (rows as unknown as Row[]).map((row) => this.read(row));
  }

  /** Returns the pipelines of the merge request and of its source branch, newest first. */
  listOfMergeRequest({ projectId, iid, sourceBranch }: MergeRequest): Pipeline[] {
    const refs = [sourceBranch, `refs/merge-requests/${iid}/head`];
    return this.list(projectId).filter(({ ref }) => refs.includes(ref));
  }

  /** Returns the project's pipeline with that id. */
  find(projectId: number, id: number): Pipeline | undefined {
    const row = this.database
      .prepare(`SELECT ${columns} FROM pipelines WHERE project_id = ? AND id = ?`)
      .get(projectId, id);
    return row === undefined ? undefined : this.read(row as unknown as Row);
  }

  /** Cancels the jobs that have not ended. */
  cancel(pipeline: Pipeline): Pipeline {
    const jobs = this.jobs.listOfPipeline(pipeline.id);
    for (const job of jobs) if (!hasEnded(job)) this.jobs.end(job, "canceled");
    if (jobs.length === 0) {
      this.database
        .prepare("UPDATE pipelines SET canceled_at = coalesce(canceled_at, ?) WHERE id = ?")
        .run(this.now().toISOString(), pipeline.id);
    }
    return this.again(pipeline);
  }

  /** Replaces the jobs that failed or were canceled with new ones. */
  retry(pipeline: Pipeline, user: User): Pipeline {
    for (const job of this.jobs.listOfPipeline(pipeline.id).toReversed()) {
      if (!job.retried && (job.status === "failed" || job.status === "canceled")) {
        this.jobs.retry(job, user);
      }
    }
    return this.again(pipeline);
  }

  /** Changes the pipeline's name. */
  rename(pipeline: Pipeline, name: string): Pipeline {
    this.database.prepare("UPDATE pipelines SET name = ? WHERE id = ?").run(name, pipeline.id);
    return this.again(pipeline);
  }

  /** Removes the pipeline and its jobs. */
  delete(pipeline: Pipeline): void {
    this.jobs.deleteOfPipeline(pipeline.id);
    this.database.prepare("DELETE FROM pipelines WHERE id = ?").run(pipeline.id);
  }

  private again({ projectId, id }: Pipeline): Pipeline {
    const pipeline = this.find(projectId, id);
    if (pipeline === undefined) throw new Error(`Pipeline ${id} has vanished.`);
    return pipeline;
  }

  private read({ canceledAt, ...row }: Row): Pipeline {
    const jobs = this.jobs.listOfPipeline(row.id).filter(({ retried }) => !retried);
    const times = (name: "startedAt" | "finishedAt"): string[] =>
      jobs.flatMap((job) => job[name] ?? []).toSorted();
    const [started, finished] = [times("startedAt"), times("finishedAt")];
    return {
      ...row,
      tag: row.tag === 1,
      variables: JSON.parse(row.variables) as PipelineVariable[],
      status: canceledAt === null ? computeStatus(jobs) : "canceled",
      updatedAt: canceledAt ?? [...started, ...finished].toSorted().at(-1) ?? row.createdAt,
      startedAt: started.at(0) ?? null,
      finishedAt: canceledAt ?? (jobs.every(hasEnded) ? (finished.at(-1) ?? null) : null),
    };
  }
}

/** Computes the status of a pipeline, which is the first in this order that one of its jobs has. */
function computeStatus(jobs: readonly Job[]): JobStatus {
  const order: readonly JobStatus[] = [
    "running",
    "pending",
    "manual",
    "failed",
    "canceled",
    "success",
  ];
  return order.find((status) => jobs.some((job) => job.status === status)) ?? "created";
}
