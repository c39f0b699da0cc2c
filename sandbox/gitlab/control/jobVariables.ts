import { basename, dirname } from "node:path/posix";

import type { GitLab } from "../gitlab";
import type { Job } from "../model/jobs";
import type { Project } from "../model/namespaces";
import type { Pipeline } from "../model/pipelines";
import type { User } from "../model/users";

/** The records that a job's variables describe. */
export interface JobContext {
  readonly project: Project;
  readonly user: User;
  readonly pipeline: Pipeline;
  readonly job: Job;
  /** `CI_JOB_TOKEN` */
  readonly token: string;
}

/** Computes GitLab's predefined variables, except those that need a runner or a repository. */
export function computeJobVariables(
  gitlab: GitLab,
  { project, user, pipeline, job, token }: JobContext,
): Record<string, string> {
  const projectUrl = `${gitlab.url}/${project.path}`;
  const { ref } = pipeline;
  const iid = /^refs\/merge-requests\/(\d+)\/head$/.exec(ref)?.[1];
  const mergeRequest =
    iid === undefined ? undefined : gitlab.mergeRequests.find(project.id, Number(iid));
  return {
    CI: "true",
    GITLAB_CI: "true",
    CI_SERVER_URL: gitlab.url,
    CI_SERVER_HOST: new URL(gitlab.url).hostname,
    CI_API_V4_URL: `${gitlab.url}/api/v4`,
    CI_JOB_ID: String(job.id),
    CI_JOB_NAME: job.name,
    CI_JOB_STAGE: job.stage,
    CI_JOB_URL: `${projectUrl}/-/jobs/${job.id}`,
    CI_JOB_TOKEN: token,
    CI_PIPELINE_ID: String(pipeline.id),
    CI_PIPELINE_IID: String(pipeline.iid),
    CI_PIPELINE_SOURCE: pipeline.source,
    CI_PIPELINE_URL: `${projectUrl}/-/pipelines/${pipeline.id}`,
    CI_PIPELINE_CREATED_AT: pipeline.createdAt,
    CI_PROJECT_ID: String(project.id),
    CI_PROJECT_NAME: basename(project.path),
    CI_PROJECT_TITLE: project.name,
    CI_PROJECT_PATH: project.path,
    CI_PROJECT_PATH_SLUG: computeSlug(project.path),
    CI_PROJECT_NAMESPACE: dirname(project.path),
    CI_PROJECT_ROOT_NAMESPACE: project.path.split("/", 1).join(""),
    CI_PROJECT_URL: projectUrl,
    CI_PROJECT_VISIBILITY: project.visibility,
    CI_DEFAULT_BRANCH: project.defaultBranch,
    CI_COMMIT_SHA: pipeline.sha,
    CI_COMMIT_SHORT_SHA: pipeline.sha.slice(0, 8),
    CI_COMMIT_REF_NAME: mergeRequest?.sourceBranch ?? ref,
    CI_COMMIT_REF_SLUG: computeSlug(mergeRequest?.sourceBranch ?? ref),
    // A pipeline is for a branch, a tag or a merge request, and has only the variables of that kind.
    ...(pipeline.tag ? { CI_COMMIT_TAG: ref } : {}),
    ...(pipeline.tag || mergeRequest !== undefined ? {} : { CI_COMMIT_BRANCH: ref }),
    ...(mergeRequest === undefined
      ? {}
      : {
          CI_MERGE_REQUEST_ID: String(mergeRequest.id),
          CI_MERGE_REQUEST_IID: String(mergeRequest.iid),
          CI_MERGE_REQUEST_PROJECT_ID: String(project.id),
          CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: mergeRequest.sourceBranch,
          CI_MERGE_REQUEST_TARGET_BRANCH_NAME: mergeRequest.targetBranch,
          CI_MERGE_REQUEST_TITLE: mergeRequest.title,
        }),
    CI_REGISTRY: gitlab.registry,
    CI_REGISTRY_IMAGE: `${gitlab.registry}/${project.path.toLowerCase()}`,
    CI_REGISTRY_USER: "gitlab-ci-token",
    CI_REGISTRY_PASSWORD: token,
    GITLAB_USER_ID: String(user.id),
    GITLAB_USER_LOGIN: user.username,
    GITLAB_USER_NAME: user.name,
    GITLAB_USER_EMAIL: user.email,
  };
}

/** Makes text usable in a host name: lower case, 63 characters, dashes only inside. */
function computeSlug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
}
