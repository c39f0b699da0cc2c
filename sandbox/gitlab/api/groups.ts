import { basename } from "node:path/posix";

import type { FastifyInstance } from "fastify";

import { findCaller } from "../access/authentication";
import type { GitLab } from "../gitlab";
import type { Group } from "../model/namespaces";
import { paginate } from "../http/pagination";
import { boolean, oneOf, optional, readParameters, required, text } from "../http/parameters";
import { isGroupVisible, isProjectVisible, requireGroup } from "../access/permissions";
import { directions, sortBy, type Direction } from "../http/sorting";
import { renderProject } from "../entities/project";

const orders = ["name", "path", "id", "similarity"] as const;
const filters = {
  search: optional(text),
  order_by: optional(oneOf(orders)),
  sort: optional(oneOf(directions)),
  top_level_only: optional(boolean),
};

/** Groups, by id or encoded path, and their subgroups and projects. */
export function serveGroups(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/groups/:id", (request) => {
    const { id } = readParameters(request, { id: required(text) });
    return renderGroup(gitlab, requireGroup(gitlab, id, findCaller(gitlab, request)));
  });

  app.get("/groups", (request, reply) => {
    const caller = findCaller(gitlab, request);
    const asked = readParameters(request, filters);
    const groups = gitlab.namespaces
      .listGroups()
      .filter((group) => isGroupVisible(gitlab, group, caller?.user))
      .filter(({ parentId }) => asked.top_level_only !== true || parentId === null);
    return paginate(gitlab, request, reply, choose(groups, asked)).map((group) =>
      renderGroup(gitlab, group),
    );
  });

  app.get("/groups/:id/subgroups", (request, reply) => {
    const caller = findCaller(gitlab, request);
    const { id, ...asked } = readParameters(request, { id: required(text), ...filters });
    const parent = requireGroup(gitlab, id, caller);
    const groups = gitlab.namespaces
      .listGroups()
      .filter(({ parentId }) => parentId === parent.id)
      .filter((group) => isGroupVisible(gitlab, group, caller?.user));
    return paginate(gitlab, request, reply, choose(groups, asked)).map((group) =>
      renderGroup(gitlab, group),
    );
  });

  app.get("/groups/:id/projects", (request, reply) => {
    const caller = findCaller(gitlab, request);
    const { id, search, order_by, sort, include_subgroups } = readParameters(request, {
      id: required(text),
      search: optional(text),
      order_by: optional(
        oneOf(["id", "name", "path", "created_at", "updated_at", "last_activity_at", "similarity"]),
      ),
      sort: optional(oneOf(directions)),
      include_subgroups: optional(boolean),
      simple: optional(boolean),
    });
    const group = requireGroup(gitlab, id, caller);
    const projects = gitlab.namespaces
      .findProjectsBelow(group)
      .filter(({ groupId }) => include_subgroups === true || groupId === group.id)
      .filter((project) => isProjectVisible(gitlab, project, caller?.user))
      .filter((project) => isNamedLike(project, search));
    const by = order_by === "name" || order_by === "path" ? order_by : "createdAt";
    const sorted = sortBy(projects, (project) => project[by], sort ?? "desc");
    return paginate(gitlab, request, reply, sorted).map((project) =>
      renderProject(gitlab, project),
    );
  });
}

interface Asked {
  readonly search?: string | undefined;
  readonly order_by?: (typeof orders)[number] | undefined;
  readonly sort?: Direction | undefined;
}

function choose(groups: readonly Group[], { search, order_by, sort }: Asked): Group[] {
  const by = order_by === undefined || order_by === "similarity" ? "name" : order_by;
  const found = groups.filter((group) => isNamedLike(group, search));
  const valueOf = (group: Group): string | number =>
    by === "id" ? group.id : group[by].toLowerCase();
  return sortBy(found, valueOf, sort ?? "asc");
}

function isNamedLike({ name, path }: { name: string; path: string }, search = ""): boolean {
  return [name, path].some((text) => text.toLowerCase().includes(search.toLowerCase()));
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
