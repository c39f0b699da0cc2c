import type { GitLab } from "../gitlab";
import {
  isDraft,
  withoutDraft,
  type MergeRequest,
  type MergeRequestFields,
} from "../model/mergeRequests";
import type { User } from "../model/users";

/** Changes the given fields, and adds GitLab's notes about the changes. */
export function changeMergeRequest(
  gitlab: GitLab,
  mergeRequest: MergeRequest,
  user: User,
  changes: Partial<MergeRequestFields>,
): MergeRequest {
  const changed = gitlab.mergeRequests.update(mergeRequest, changes);
  for (const body of describeChanges(mergeRequest, changed)) {
    gitlab.notes.create(changed, user, { body, system: true });
  }
  return changed;
}

/** Closes the merge request if it is open. */
export function closeMergeRequest(
  gitlab: GitLab,
  mergeRequest: MergeRequest,
  user: User,
): MergeRequest {
  if (mergeRequest.state !== "opened") return mergeRequest;
  // Not a note: GitLab lists a change of state as a state event.
  gitlab.stateEvents.record(mergeRequest, user, "closed");
  return gitlab.mergeRequests.close(mergeRequest, user);
}

/** Reopens the merge request if it is closed. */
export function reopenMergeRequest(
  gitlab: GitLab,
  mergeRequest: MergeRequest,
  user: User,
): MergeRequest {
  if (mergeRequest.state !== "closed") return mergeRequest;
  gitlab.stateEvents.record(mergeRequest, user, "reopened");
  return gitlab.mergeRequests.reopen(mergeRequest);
}

/** Merges the merge request. */
export function mergeMergeRequest(
  gitlab: GitLab,
  mergeRequest: MergeRequest,
  user: User,
): MergeRequest {
  gitlab.stateEvents.record(mergeRequest, user, "merged");
  return gitlab.mergeRequests.merge(mergeRequest, user);
}

function describeChanges(before: MergeRequest, after: MergeRequest): string[] {
  const notes: string[] = [];
  if (isDraft(before) !== isDraft(after)) {
    notes.push(`marked this merge request as **${isDraft(after) ? "draft" : "ready"}**`);
  }
  if (withoutDraft(before.title) !== withoutDraft(after.title)) {
    notes.push(describeTitle(before.title, after.title));
  }
  if ((before.description ?? "") !== (after.description ?? "")) {
    notes.push("changed the description");
  }
  if (before.targetBranch !== after.targetBranch) {
    notes.push(
      `changed target branch from \`${before.targetBranch}\` to \`${after.targetBranch}\``,
    );
  }
  return notes;
}

/** Marks the difference between two titles, apart from their common start and end. */
function describeTitle(before: string, after: string): string {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const mark = (title: string, sign: "+" | "-"): string => {
    const middle = title.slice(start, title.length - end);
    const marked = middle === "" ? "" : `{${sign}${middle}${sign}}`;
    return title.slice(0, start) + marked + title.slice(title.length - end);
  };
  return `changed title from **${mark(before, "-")}** to **${mark(after, "+")}**`;
}
