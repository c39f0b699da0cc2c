import type { Caller } from "../access/authentication";
import { recordNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import { roles } from "../model/members";
import type { MergeRequest } from "../model/mergeRequests";
import type { Project } from "../model/namespaces";
import { isOpenTo, levelInProject } from "../access/permissions";
import { mayWriteRef } from "../access/protectedRefs";

/** Returns the project's merge request with that number, for a caller who may read the project's merge requests. */
export function requireMergeRequest(gitlab: GitLab, project: Project, iid: number): MergeRequest {
  const mergeRequest = gitlab.mergeRequests.find(project.id, iid);
  if (mergeRequest === undefined) throw recordNotFound();
  return mergeRequest;
}

/** The same, but answers "not found" instead of a refusal if the caller may not read it, as GitLab does here. */
export function requireVisibleMergeRequest(
  gitlab: GitLab,
  project: Project,
  iid: number,
  caller: Caller,
): MergeRequest {
  if (!canReadMergeRequests(gitlab, project, caller)) throw recordNotFound();
  return requireMergeRequest(gitlab, project, iid);
}

/**
 * Whether the user may read merge requests. They are as visible as the code: guests of a private project see neither.
 */
export function canReadMergeRequests(
  gitlab: GitLab,
  project: Project,
  caller: Caller | undefined,
): boolean {
  return (
    isOpenTo(project.visibility, caller?.user) ||
    levelInProject(gitlab, project, caller?.user) >= roles.reporter
  );
}

/** Whether the caller may change the merge request: its author and developers may. */
export function canUpdateMergeRequest(
  gitlab: GitLab,
  project: Project,
  mergeRequest: MergeRequest,
  caller: Caller,
): boolean {
  return (
    mergeRequest.authorId === caller.user.id ||
    levelInProject(gitlab, project, caller.user) >= roles.developer
  );
}

/** Whether the caller may merge, which needs the right to write to the target branch. */
export function canMerge(
  gitlab: GitLab,
  project: Project,
  mergeRequest: MergeRequest,
  caller: Caller | undefined,
): boolean {
  return mayWriteRef(gitlab, project, caller?.user, { ref: mergeRequest.targetBranch, tag: false });
}
