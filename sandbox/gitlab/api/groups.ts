import { basename } from "node:path/posix";

import type { FastifyInstance } from "fastify";

import { findCaller } from "../authentication";
import type { GitLab } from "../gitlab";
import type { Group } from "../model/namespaces";
import { readParameters, required, text } from "../parameters";
import { requireGroup } from "../permissions";

/** `GET /groups/:id`, by id or encoded path. */
export function serveGroups(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/groups/:id", (request) => {
    const { id } = readParameters(request, { id: required(text) });
    return renderGroup(gitlab, requireGroup(gitlab, id, findCaller(gitlab, request)));
  });
}

function renderGroup(gitlab: GitLab, group: Group): object {
  return {
    id: group.id,
    web_url: `${gitlab.url}/groups/${group.path}`,
    name: group.name,
    path: basename(group.path),
    description: "",
    visibility: group.visibility,
    full_name: gitlab.namespaces
      .findLineage(group.id)
      .map(({ name }) => name)
      .reverse()
      .join(" / "),
    full_path: group.path,
    created_at: group.createdAt,
    parent_id: group.parentId,
  };
}
