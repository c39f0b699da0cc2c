import { basename } from "node:path/posix";

import type { Caller } from "../access/authentication";
import type { GitLab } from "../gitlab";
import type { Group, Project } from "../model/namespaces";
import type { User } from "../model/users";

/** Renders a project as the API shows it to the caller, who may be anonymous. */
export function renderProjectFor(
  gitlab: GitLab,
  project: Project,
  caller: Caller | undefined,
): object {
  return {
    ...renderProject(gitlab, project),
    ...(caller && renderForUser(gitlab, project, caller.user)),
  };
}

/** Renders the part of a project that everyone who may see it gets. */
export function renderProject(gitlab: GitLab, project: Project): object {
  const groups = gitlab.namespaces.findLineage(project.groupId);
  const [group] = groups;
  const url = `${gitlab.url}/${project.path}`;
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: [project, ...groups]
      .map(({ name }) => name)
      .reverse()
      .join(" / "),
    path: basename(project.path),
    path_with_namespace: project.path,
    created_at: project.createdAt,
    default_branch: project.defaultBranch,
    http_url_to_repo: `${url}.git`,
    web_url: url,
    namespace: group && renderNamespace(gitlab, group),
  };
}

/** Renders the part that GitLab shows only to signed-in users. */
function renderForUser(gitlab: GitLab, project: Project, user: User): object {
  return {
    visibility: project.visibility,
    archived: false,
    container_expiration_policy: renderPolicy(gitlab, project),
    container_registry_access_level: project.registryAccessLevel,
    container_registry_enabled: project.registryAccessLevel !== "disabled",
    container_registry_image_prefix: `${gitlab.registry}/${project.path.toLowerCase()}`,
    permissions: {
      project_access: renderAccess(gitlab.members.levelGivenByProject(project, user)),
      group_access: renderAccess(gitlab.members.levelInGroup({ id: project.groupId }, user)),
    },
  };
}

function renderPolicy(gitlab: GitLab, project: Project): object {
  const policy = gitlab.cleanupPolicies.find(project);
  return {
    cadence: policy.cadence,
    enabled: policy.enabled,
    keep_n: policy.keepN,
    older_than: policy.olderThan,
    // It is not verified which of these two GitLab shows, and if they are the same.
    name_regex: policy.nameRegex,
    name_regex_delete: policy.nameRegexDelete,
    name_regex_keep: policy.nameRegexKeep,
    next_run_at: policy.nextRunAt,
  };
}

function renderNamespace(gitlab: GitLab, group: Group): object {
  return {
    id: group.id,
    name: group.name,
    path: basename(group.path),
    kind: "group",
    full_path: group.path,
    parent_id: group.parentId,
    web_url: `${gitlab.url}/groups/${group.path}`,
  };
}

function renderAccess(level: number): object | null {
  return level === 0 ? null : { access_level: level, notification_level: 3 };
}
