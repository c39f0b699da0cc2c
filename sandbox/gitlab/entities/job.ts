import type { GitLab } from "../gitlab";
import type { Job } from "../model/jobs";
import type { Project } from "../model/namespaces";
import { computeSeconds, renderPipelineBasic } from "./pipeline";
import { renderUserById } from "./user";

/** Renders a job, without its token. */
export function renderJob(gitlab: GitLab, project: Project, job: Job): object {
  const pipeline = gitlab.pipelines.find(project.id, job.pipelineId);
  return {
    id: job.id,
    status: job.status,
    stage: job.stage,
    name: job.name,
    ref: pipeline?.ref ?? null,
    tag: pipeline?.tag ?? false,
    coverage: null,
    allow_failure: false,
    created_at: job.createdAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    erased_at: job.erasedAt,
    duration: computeSeconds(job.startedAt, job.finishedAt ?? gitlab.now().toISOString()),
    queued_duration: computeSeconds(job.createdAt, job.startedAt),
    user: renderUserById(gitlab, job.userId),
    // Without git, a commit has only its hash.
    commit:
      pipeline === undefined ? null : { id: pipeline.sha, short_id: pipeline.sha.slice(0, 8) },
    pipeline: pipeline === undefined ? null : renderPipelineBasic(gitlab, project, pipeline),
    ...(job.status === "failed" ? { failure_reason: "script_failure" } : {}),
    web_url: `${gitlab.url}/${project.path}/-/jobs/${job.id}`,
    project: { ci_job_token_scope_enabled: false },
    artifacts: [],
    runner: null,
    runner_manager: null,
    artifacts_expire_at: null,
    archived: false,
    tag_list: [],
  };
}
