import { basename } from "node:path/posix";

import type { FastifyInstance } from "fastify";

import { findCaller } from "../authentication";
import type { GitLab } from "../gitlab";
import type { Group, Project } from "../model/namespaces";
import type { User } from "../model/users";
import { readParameters, required, text } from "../parameters";
import { requireProject } from "../permissions";

/** `GET /projects/:id`, by id or encoded path. */
export function serveProjects(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/projects/:id", (request) => {
    const { id } = readParameters(request, { id: required(text) });
    const caller = findCaller(gitlab, request);
    const project = requireProject(gitlab, id, caller);
    return {
      ...renderProject(gitlab, project),
      ...(caller && renderForUser(gitlab, project, caller.user)),
    };
  });
}

/** A project as who is not signed in sees it. */
export function renderProject(gitlab: GitLab, project: Project): object {
  const groups = gitlab.namespaces.findLineage(project.groupId);
  const [group] = groups;
  const url = `${gitlab.url}/${project.path}`;
  return {
    id: project.id,
    description: null,
    name: project.name,
    name_with_namespace: [project, ...groups]
      .map(({ name }) => name)
      .reverse()
      .join(" / "),
    path: basename(project.path),
    path_with_namespace: project.path,
    created_at: project.createdAt,
    default_branch: "main",
    http_url_to_repo: `${url}.git`,
    web_url: url,
    namespace: group && renderNamespace(gitlab, group),
  };
}

/** What GitLab keeps from who is not signed in. */
function renderForUser(gitlab: GitLab, project: Project, user: User): object {
  return {
    visibility: project.visibility,
    archived: false,
    container_registry_access_level: project.registryAccessLevel,
    container_registry_enabled: project.registryAccessLevel !== "disabled",
    container_registry_image_prefix: `${gitlab.registry}/${project.path.toLowerCase()}`,
    permissions: {
      project_access: renderAccess(gitlab.members.levelGivenByProject(project, user)),
      group_access: renderAccess(gitlab.members.levelInGroup({ id: project.groupId }, user)),
    },
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
