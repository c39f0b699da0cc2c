import type { GitLab } from "../gitlab";
import { computeJobVariables } from "./jobVariables";
import { isOutcome, type Job, type JobStatus } from "../model/jobs";
import type { Project } from "../model/namespaces";
import { pipelineSources, type Pipeline, type PipelineSource } from "../model/pipelines";
import type { User } from "../model/users";
import { ControlError, type ControlSubject } from "./subject";

/** A job to create. */
export interface JobRequest {
  /** Full path. */
  readonly project: string;
  /** Name of the user who starts the pipeline. */
  readonly user: string;
  /** Id of an existing pipeline. @default a new pipeline with the following properties */
  readonly pipeline?: number;
  /** Branch or tag. @default the default branch */
  readonly ref?: string;
  /** @default false */
  readonly tag?: boolean;
  /** Number of the merge request that the pipeline is for, instead of `ref`. */
  readonly mergeRequest?: number;
  /** Commit that the branch or tag moves to. @default its present head */
  readonly sha?: string;
  /** @default push, and merge_request_event for a merge request */
  readonly source?: PipelineSource;
  /** @default job */
  readonly name?: string;
  /** @default test */
  readonly stage?: string;
  /** @default running */
  readonly status?: "running" | "pending" | "manual";
}

/** A job that was created. */
export interface StartedJob {
  readonly id: number;
  readonly pipelineId: number;
  readonly status: JobStatus;
  /** `CI_JOB_TOKEN`, which is valid while the job is running. */
  readonly token: string;
  /** GitLab's predefined variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * `POST /jobs` creates a job, and a pipeline for it, as a push does. `PUT /jobs/:id` changes its status, as a runner
 * does. GitLab gives a job token only to a runner, so its API can't return one.
 */
export const controlJobs: ControlSubject = (control, { gitlab }) => {
  control.post<{ Body: Partial<JobRequest> | null }>("/jobs", ({ body }, reply) => {
    const { name = "job", stage = "test", status = "running", ...rest } = body ?? {};
    const project = gitlab.namespaces.findProject(String(rest.project));
    if (project === undefined) throw new ControlError("There is no such `project`.", 404);
    const user = gitlab.users.findByUsername(String(rest.user));
    if (user === undefined) throw new ControlError("There is no such `user`.", 404);
    if (!["running", "pending", "manual"].includes(status)) {
      throw new ControlError("Begin with `status` running, pending or manual.");
    }
    const pipeline = ensurePipeline(gitlab, project, user, rest);
    const job = gitlab.jobs.create({
      pipelineId: pipeline.id,
      project,
      user,
      name: String(name),
      stage: String(stage),
      status,
    });
    return reply.code(201).send(describe(gitlab, project, user, job));
  });

  control.put<{ Params: { id: string }; Body: { status?: unknown } | null }>(
    "/jobs/:id",
    ({ params, body }) => {
      const job = gitlab.jobs.findById(Number(params.id));
      const project = job && gitlab.namespaces.findProject(String(job.projectId));
      const user = job && gitlab.users.find(job.userId);
      if (job === undefined || project === undefined || user === undefined) {
        throw new ControlError("There is no such job.", 404);
      }
      const status = body?.status as JobStatus;
      if (status === "running") {
        if (job.status !== "pending") throw new ControlError("The job doesn't wait to run.", 409);
        return describe(gitlab, project, user, gitlab.jobs.start(job));
      }
      if (!isOutcome(status)) {
        throw new ControlError("Give a `status`: running, success, failed or canceled.");
      }
      return { id: job.id, status: gitlab.jobs.end(job, status).status };
    },
  );
};

function ensurePipeline(
  gitlab: GitLab,
  project: Project,
  user: User,
  {
    pipeline: id,
    ref = project.defaultBranch,
    tag = false,
    mergeRequest: iid,
    sha,
    source,
  }: Partial<JobRequest>,
): Pipeline {
  if (source !== undefined && !pipelineSources.includes(source)) {
    throw new ControlError(`Use one of ${pipelineSources.join(", ")} as \`source\`.`);
  }
  if (id !== undefined) {
    const pipeline = gitlab.pipelines.find(project.id, id);
    if (pipeline === undefined) throw new ControlError("There is no such `pipeline`.", 404);
    return pipeline;
  }
  if (iid === undefined) {
    return gitlab.pipelines.create({ project, user, ref, tag, sha, source: source ?? "push" });
  }
  const mergeRequest = gitlab.mergeRequests.find(project.id, iid);
  if (mergeRequest === undefined) throw new ControlError("There is no such `mergeRequest`.", 404);
  return gitlab.pipelines.create({
    project,
    user,
    ref: `refs/merge-requests/${iid}/head`,
    sha: sha ?? mergeRequest.sha,
    source: source ?? "merge_request_event",
  });
}

function describe(
  gitlab: GitLab,
  project: Project,
  user: User,
  job: Job & { readonly value: string },
): StartedJob {
  const pipeline = gitlab.pipelines.find(project.id, job.pipelineId);
  if (pipeline === undefined) throw new ControlError("The job's pipeline has vanished.", 409);
  return {
    id: job.id,
    pipelineId: pipeline.id,
    status: job.status,
    token: job.value,
    variables: computeJobVariables(gitlab, { project, user, pipeline, job, token: job.value }),
  };
}
