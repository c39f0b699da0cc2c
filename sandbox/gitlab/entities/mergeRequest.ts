import type { Caller } from "../access/authentication";
import type { GitLab } from "../gitlab";
import { canMerge } from "../mergeRequests/access";
import { isDraft, type MergeRequest } from "../model/mergeRequests";
import type { Project } from "../model/namespaces";
import { renderPipeline, renderPipelineBasic } from "./pipeline";
import { renderUserById } from "./user";

/**
 * Renders a merge request as lists show it.
 *
 * @param relativeTo project of the request, whose path references omit; `undefined` for a group
 */
export function renderMergeRequestBasic(
  gitlab: GitLab,
  project: Project,
  mergeRequest: MergeRequest,
  relativeTo?: Project,
): object {
  const { iid, assigneeIds, reviewerIds } = mergeRequest;
  const short = `!${iid}`;
  const full = `${project.path}${short}`;
  const relative = relativeTo === undefined ? full : short;
  const assignees = assigneeIds.map((id) => renderUserById(gitlab, id));
  const draft = isDraft(mergeRequest);
  const merger = renderUserById(gitlab, mergeRequest.mergedById);
  return {
    ...renderMergeRequestSimple(gitlab, project, mergeRequest),
    merged_by: merger,
    merge_user: merger,
    merged_at: mergeRequest.mergedAt,
    closed_by: renderUserById(gitlab, mergeRequest.closedById),
    closed_at: mergeRequest.closedAt,
    target_branch: mergeRequest.targetBranch,
    source_branch: mergeRequest.sourceBranch,
    user_notes_count: gitlab.notes.list(mergeRequest).filter(({ system }) => !system).length,
    upvotes: 0,
    downvotes: 0,
    author: renderUserById(gitlab, mergeRequest.authorId),
    assignees,
    assignee: assignees[0] ?? null,
    reviewers: reviewerIds.map((id) => renderUserById(gitlab, id)),
    source_project_id: project.id,
    target_project_id: project.id,
    labels: mergeRequest.labels.toSorted(),
    draft,
    imported: false,
    imported_from: "none",
    work_in_progress: draft,
    milestone: null,
    merge_when_pipeline_succeeds: false,
    // Without git there are no conflicts.
    merge_status: "can_be_merged",
    detailed_merge_status: computeMergeStatus(mergeRequest),
    merge_after: null,
    sha: mergeRequest.sha,
    merge_commit_sha: mergeRequest.mergeCommitSha,
    squash_commit_sha: mergeRequest.squashCommitSha,
    discussion_locked: mergeRequest.discussionLocked,
    should_remove_source_branch: null,
    force_remove_source_branch: mergeRequest.removeSourceBranch,
    prepared_at: mergeRequest.createdAt,
    reference: relative,
    references: { short, relative, full },
    time_stats: {
      time_estimate: 0,
      total_time_spent: 0,
      human_time_estimate: null,
      human_total_time_spent: null,
    },
    squash: mergeRequest.squash,
    squash_on_merge: mergeRequest.squash,
    task_completion_status: countTasks(mergeRequest.description ?? ""),
    has_conflicts: false,
    blocking_discussions_resolved: true,
  };
}

/** Renders a single merge request. */
export function renderMergeRequest(
  gitlab: GitLab,
  project: Project,
  mergeRequest: MergeRequest,
  caller: Caller | undefined,
): object {
  const head = gitlab.pipelines.listOfMergeRequest(mergeRequest).at(0);
  return {
    ...renderMergeRequestBasic(gitlab, project, mergeRequest, project),
    subscribed: caller?.user.id === mergeRequest.authorId,
    // There is no diff to count changes in.
    changes_count: null,
    latest_build_started_at: head?.startedAt ?? null,
    latest_build_finished_at: head?.finishedAt ?? null,
    first_deployed_to_production_at: null,
    pipeline: head === undefined ? null : renderPipelineBasic(gitlab, project, head),
    head_pipeline: head === undefined ? null : renderPipeline(gitlab, project, head),
    diff_refs: {
      base_sha: mergeRequest.baseSha,
      head_sha: mergeRequest.sha,
      start_sha: mergeRequest.baseSha,
    },
    merge_error: null,
    user: { can_merge: canMerge(gitlab, project, mergeRequest, caller) },
  };
}

/** Renders the short form of a merge request, for `view=simple`. */
export function renderMergeRequestSimple(
  gitlab: GitLab,
  project: Project,
  mergeRequest: MergeRequest,
): object {
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    project_id: project.id,
    title: mergeRequest.title,
    description: mergeRequest.description,
    state: mergeRequest.state,
    created_at: mergeRequest.createdAt,
    updated_at: mergeRequest.updatedAt,
    web_url: `${gitlab.url}/${project.path}/-/merge_requests/${mergeRequest.iid}`,
  };
}

function computeMergeStatus(mergeRequest: MergeRequest): string {
  if (mergeRequest.state !== "opened") return "not_open";
  return isDraft(mergeRequest) ? "draft_status" : "mergeable";
}

/** Counts the checkboxes of Markdown's task lists. */
function countTasks(description: string): object {
  const boxes = [...description.matchAll(/^\s*(?:[-+*]|\d+\.)\s+\[([ xX~])\]\s/gm)];
  return {
    count: boxes.length,
    completed_count: boxes.filter(([, mark]) => mark?.toLowerCase() === "x").length,
  };
}
