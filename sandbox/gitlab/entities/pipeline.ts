import type { GitLab } from "../gitlab";
import type { JobStatus } from "../model/jobs";
import type { Project } from "../model/namespaces";
import type { Pipeline } from "../model/pipelines";
import { renderUserById } from "./user";

/** Renders a pipeline as lists and other records show it. */
export function renderPipelineBasic(gitlab: GitLab, project: Project, pipeline: Pipeline): object {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: pipeline.projectId,
    sha: pipeline.sha,
    ref: pipeline.ref,
    status: pipeline.status,
    source: pipeline.source,
    created_at: pipeline.createdAt,
    updated_at: pipeline.updatedAt,
    web_url: computePipelineUrl(gitlab, project, pipeline),
  };
}

/** Renders a single pipeline. */
export function renderPipeline(gitlab: GitLab, project: Project, pipeline: Pipeline): object {
  return {
    ...renderPipelineBasic(gitlab, project, pipeline),
    before_sha: "0".repeat(40),
    tag: pipeline.tag,
    yaml_errors: null,
    user: renderUserById(gitlab, pipeline.userId),
    started_at: pipeline.startedAt,
    finished_at: pipeline.finishedAt,
    committed_at: null,
    duration: computeSeconds(pipeline.startedAt, pipeline.finishedAt),
    queued_duration: computeSeconds(pipeline.createdAt, pipeline.startedAt),
    coverage: null,
    detailed_status: renderStatus(gitlab, project, pipeline),
    archived: false,
  };
}

/** Whole seconds between two instants; null if one of them is not known yet. */
export function computeSeconds(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  return Math.floor((Date.parse(to) - Date.parse(from)) / 1000);
}

const labels: Readonly<Record<JobStatus, { text: string; label: string }>> = {
  created: { text: "Created", label: "created" },
  pending: { text: "Pending", label: "pending" },
  running: { text: "Running", label: "running" },
  success: { text: "Passed", label: "passed" },
  failed: { text: "Failed", label: "failed" },
  canceled: { text: "Canceled", label: "canceled" },
  manual: { text: "Manual", label: "manual action" },
};

function renderStatus(gitlab: GitLab, project: Project, pipeline: Pipeline): object {
  const { text, label } = labels[pipeline.status];
  return {
    icon: `status_${pipeline.status}`,
    text,
    label,
    group: pipeline.status,
    tooltip: label,
    has_details: true,
    details_path: computePipelineUrl(gitlab, project, pipeline).slice(gitlab.url.length),
    illustration: null,
    favicon: `/assets/ci_favicons/favicon_status_${pipeline.status}.png`,
  };
}

function computePipelineUrl(gitlab: GitLab, project: Project, pipeline: Pipeline): string {
  return `${gitlab.url}/${project.path}/-/pipelines/${pipeline.id}`;
}
