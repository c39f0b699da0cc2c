import type { FastifyInstance } from "fastify";

import { findCaller, type Caller } from "../access/authentication";
import type { GitLab } from "../gitlab";
import { visibilities, type Project } from "../model/namespaces";
import { paginateByKey, type KeysetOptions } from "../http/keyset";
import { boolean, oneOf, optional, readParameters, required, text } from "../http/parameters";
import { isProjectVisible, requireProject } from "../access/permissions";
import { renderProjectFor } from "../entities/project";

const orders = ["id", "name", "path", "created_at"] as const;

/** `GET /projects/:id`, by id or encoded path, and `GET /projects`. */
export function serveProjects(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/projects/:id", (request) => {
    const { id } = readParameters(request, { id: required(text) });
    const caller = findCaller(gitlab, request);
    return renderProjectFor(gitlab, requireProject(gitlab, id, caller), caller);
  });

  app.get("/projects", (request, reply) => {
    const filters = readParameters(request, {
      search: optional(text),
      membership: optional(boolean),
      visibility: optional(oneOf(visibilities)),
      order_by: optional(oneOf(orders)),
      sort: optional(oneOf(["asc", "desc"])),
    });
    const caller = findCaller(gitlab, request);
    const projects = gitlab.namespaces
      .listProjects()
      .filter(
        (project) =>
          isProjectVisible(gitlab, project, caller?.user) &&
          (filters.visibility ?? project.visibility) === project.visibility &&
          (filters.membership !== true || isMember(gitlab, project, caller)) &&
          isNamedLike(project, filters.search ?? ""),
      );
    const sorted = order(projects, filters.order_by ?? "created_at");
    if (filters.sort !== "asc") sorted.reverse();
    const page = paginateByKey(gitlab, request, reply, sorted, keyset);
    return page.map((project) => renderProjectFor(gitlab, project, caller));
  });
}

const keyset: KeysetOptions<Project> = {
  kind: "Project",
  id: ({ id }) => id,
  orders: { id: ({ id }) => id },
  style: "id",
};

function isMember(gitlab: GitLab, project: Project, caller: Caller | undefined): boolean {
  return caller !== undefined && gitlab.members.levelInProject(project, caller.user) > 0;
}

function isNamedLike({ name, path }: Project, search: string): boolean {
  const last = path.slice(path.lastIndexOf("/") + 1);
  return [name, last].some((text) => text.toLowerCase().includes(search.toLowerCase()));
}

/** Sorts in ascending order, and equal projects by id. */
function order(projects: readonly Project[], by: (typeof orders)[number]): Project[] {
  const key = { id: () => "", name: nameOf, path: pathOf, created_at: createdAtOf }[by];
  return projects.toSorted((one, other) => key(one).localeCompare(key(other)) || one.id - other.id);
}

const nameOf = ({ name }: Project): string => name.toLowerCase();
const pathOf = ({ path }: Project): string => path.toLowerCase();
const createdAtOf = ({ createdAt }: Project): string => createdAt;
