import type { FastifyInstance, FastifyRequest } from "fastify";

import { findCaller, requireCaller, type Caller } from "../access/authentication";
import { forbidden, recordNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import type { ContainerRepository } from "../model/containerRepositories";
import type { Project } from "../model/namespaces";
import { paginate } from "../http/pagination";
import { boolean, integer, optional, readParameters, required, text } from "../http/parameters";
import { levelInGroup, requireGroup, requireProject, requireRole } from "../access/permissions";
import { mayAdministerImages, mayReadImages } from "../registry/abilities";
import { startRemoval } from "../registry/deletion";
import { askRegistry } from "../registry/errors";
import { measureRepository } from "../registry/images";
import { isRepositoryProtected } from "../registry/protection";
import { locate } from "../registry/repositories";

const list = { id: required(text), tags: optional(boolean), tags_count: optional(boolean) };

/** Lists the repositories of a project or group, returns one by its id, and deletes one. */
export function serveContainerRepositories(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/projects/:id/registry/repositories", async (request, reply) => {
    const { id, ...extras } = readParameters(request, list);
    const { project } = requireImages(gitlab, request, id);
    const repositories = gitlab.containerRepositories.list(project);
    const page = paginate(gitlab, request, reply, repositories);
    return Promise.all(page.map((repository) => render(gitlab, repository, extras)));
  });

  app.get("/groups/:id/registry/repositories", async (request, reply) => {
    const { id, ...extras } = readParameters(request, list);
    const caller = findCaller(gitlab, request);
    const group = requireGroup(gitlab, id, caller);
    requireRole(levelInGroup(gitlab, group, caller?.user), "reporter");
    const repositories = gitlab.containerRepositories.listBelow(group);
    const page = paginate(gitlab, request, reply, repositories);
    return Promise.all(page.map((repository) => render(gitlab, repository, extras)));
  });

  app.get("/registry/repositories/:id", async (request) => {
    const caller = requireCaller(gitlab, request);
    const { id, ...extras } = readParameters(request, {
      ...list,
      id: required(integer),
      size: optional(boolean),
    });
    const repository = gitlab.containerRepositories.find(id);
    if (repository === undefined) throw recordNotFound();
    const { project } = locate(gitlab, repository);
    // Unlike other endpoints, this one distinguishes a repository that the caller may not see from a missing one.
    if (!mayReadImages(gitlab, project, caller.user)) throw forbidden();
    return {
      ...(await render(gitlab, repository, extras)),
      ...(mayAdministerImages(gitlab, project, caller.user) && {
        delete_api_path: `${gitlab.url}/api/v4/projects/${project.id}/registry/repositories/${repository.id}`,
      }),
    };
  });

  app.delete("/projects/:id/registry/repositories/:repository_id", (request, reply) => {
    const { id, repository_id } = readParameters(request, {
      id: required(text),
      repository_id: required(integer),
    });
    const { project, caller } = requireImages(gitlab, request, id);
    const repository = requireRepository(gitlab, project, repository_id);
    if (!mayAdministerImages(gitlab, project, caller?.user)) throw forbidden();
    const { path } = locate(gitlab, repository);
    if (isRepositoryProtected(gitlab, project, path, "delete", caller?.user)) {
      throw forbidden("Deleting protected container repository forbidden.");
    }

    gitlab.containerRepositories.setStatus(repository, "delete_scheduled");
    startRemoval(gitlab, repository);
    return reply.code(202).type("application/json").send(acceptedBody);
  });
}

/** GitLab's framework uses the status as the body if an endpoint returns none. */
const acceptedBody = "202";

/** Returns the project if the caller may see it and its images. A job token gives access only to its own project. */
export function requireImages(
  gitlab: GitLab,
  request: FastifyRequest,
  id: string,
): { project: Project; caller: Caller | undefined } {
  const caller = findCaller(gitlab, request, { jobTokens: true });
  const { job } = caller ?? {};
  if (job !== undefined && gitlab.namespaces.findProject(id)?.id !== job.projectId) {
    throw forbidden(
      "This project's CI/CD job token cannot be used to authenticate with the container registry of a different project.",
    );
  }
  const project = requireProject(gitlab, id, caller);
  if (!mayReadImages(gitlab, project, caller?.user)) throw forbidden();
  return { project, caller };
}

/** Returns the project's repository with that id. */
export function requireRepository(
  gitlab: GitLab,
  project: Project,
  id: number,
): ContainerRepository {
  const repository = gitlab.containerRepositories.find(id);
  if (repository?.projectId !== project.id) throw recordNotFound();
  return repository;
}

interface Extras {
  readonly tags?: boolean;
  readonly tags_count?: boolean;
  readonly size?: boolean;
}

async function render(
  gitlab: GitLab,
  repository: ContainerRepository,
  { tags, tags_count, size }: Extras,
): Promise<object> {
  const { path } = locate(gitlab, repository);
  const names = tags || tags_count ? await askRegistry(() => gitlab.images.listTags(path)) : [];
  return {
    id: repository.id,
    name: repository.name,
    path,
    project_id: repository.projectId,
    location: `${gitlab.registry}/${path}`,
    created_at: repository.createdAt,
    cleanup_policy_started_at: repository.cleanupStartedAt,
    ...(tags_count && { tags_count: names.length }),
    ...(tags && { tags: names.map((name) => renderTag(gitlab, path, name)) }),
    ...(size && { size: await askRegistry(() => measureRepository(gitlab.images, path)) }),
    status: repository.status,
  };
}

/** Renders a tag as lists show it. */
export function renderTag(gitlab: GitLab, path: string, name: string): object {
  return { name, path: `${path}:${name}`, location: `${gitlab.registry}/${path}:${name}` };
}
