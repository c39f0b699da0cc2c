import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller, type Caller } from "../access/authentication";
import { renderEnvironment, renderSingleEnvironment } from "../entities/environment";
import {
  badRequest,
  checkAttributes,
  forbidden,
  invalidParameters,
  recordNotFound,
} from "../errors";
import type { GitLab } from "../gitlab";
import { environmentTiers, findNameProblems } from "../model/environmentNames";
import {
  autoStopSettings,
  environmentStates,
  type Environment,
  type EnvironmentFields,
} from "../model/environments";
import type { Role } from "../model/members";
import type { Project } from "../model/namespaces";
import { paginate } from "../http/pagination";
import {
  boolean,
  integer,
  oneOf,
  optional,
  readParameters,
  required,
  text,
} from "../http/parameters";
import {
  levelInProject,
  requireOpenProject,
  requireProjectRole,
  requireRole,
} from "../access/permissions";

const path = "/projects/:id/environments";
const minimumSearch = 3;

const fields = {
  external_url: optional(text),
  slug: optional(text),
  tier: optional(oneOf(environmentTiers)),
  cluster_agent_id: optional(integer),
  kubernetes_namespace: optional(text),
  flux_resource_path: optional(text),
  description: optional(text),
  auto_stop_setting: optional(oneOf(autoStopSettings)),
};

/** The environments of a project. A job token can use all of these endpoints. */
export function serveEnvironments(app: FastifyInstance, gitlab: GitLab): void {
  app.get(path, (request, reply) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const { id, name, search, states } = readParameters(request, {
      id: required(text),
      name: optional(text),
      search: optional(text),
      states: optional(oneOf(environmentStates)),
    });
    if (name !== undefined && search !== undefined) {
      throw invalidParameters("name, search cannot be used together");
    }
    const project = requireOpenProject(gitlab, id, caller, "reporter");
    if (search && search.length < minimumSearch) {
      throw badRequest(`Search query is less than ${minimumSearch} characters`);
    }
    const found = gitlab.environments
      .list(project.id)
      .filter((one) => name === undefined || one.name === name)
      .filter((one) => !search || one.name.toLowerCase().includes(search.toLowerCase()))
      .filter((one) => states === undefined || one.state === states);
    return paginate(gitlab, request, reply, found).map((one) =>
      renderEnvironment(gitlab, project, one, caller.user),
    );
  });

  app.get(`${path}/:environment_id`, (request) => {
    const { caller, project, environment } = requireEnvironment(gitlab, request);
    return renderSingleEnvironment(gitlab, project, environment, caller.user);
  });

  app.post(path, (request, reply) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const { id, name, ...given } = readParameters(request, {
      id: required(text),
      name: required(text),
      ...fields,
    });
    checkSlug(given);
    const project = requireProjectRole(gitlab, id, caller, "developer");
    checkAgent(given);
    const taken = gitlab.environments.findByName(project.id, name) !== undefined;
    checkAttributes({
      name: [...findNameProblems(name), ...(taken ? ["has already been taken"] : [])],
      external_url: findUrlProblems(given.external_url),
    });
    const environment = gitlab.environments.create(project.id, name, readChanges(given));
    return reply.code(201).send(renderEnvironment(gitlab, project, environment, caller.user));
  });

  app.put(`${path}/:environment_id`, (request) => {
    // The name is missing here, because GitLab 16.0 and later don't change it.
    const given = readParameters(request, fields);
    const { caller, project, environment } = requireEnvironment(gitlab, request, "developer");
    checkSlug(given);
    checkAgent(given);
    checkAttributes({ external_url: findUrlProblems(given.external_url) });
    const changed = gitlab.environments.update(environment, readChanges(given));
    return renderEnvironment(gitlab, project, changed, caller.user);
  });

  app.post(`${path}/:environment_id/stop`, (request) => {
    const { caller, project, environment } = requireEnvironment(gitlab, request);
    readParameters(request, { force: optional(boolean) });
    requireRole(levelInProject(gitlab, project, caller.user), "developer");
    const stopped = gitlab.environments.stop(environment);
    return renderEnvironment(gitlab, project, stopped, caller.user);
  });

  app.delete(`${path}/:environment_id`, (request, reply) => {
    const { caller, project, environment } = requireEnvironment(gitlab, request);
    requireRole(levelInProject(gitlab, project, caller.user), "developer");
    if (environment.state !== "stopped") throw forbidden();
    gitlab.environments.delete(environment);
    return reply.code(204).send();
  });
}

function requireEnvironment(
  gitlab: GitLab,
  request: FastifyRequest,
  role?: Role,
): { caller: Caller; project: Project; environment: Environment } {
  const caller = requireCaller(gitlab, request, { jobTokens: true });
  const { id, environment_id } = readParameters(request, {
    id: required(text),
    environment_id: required(integer),
  });
  const project =
    role === undefined
      ? requireOpenProject(gitlab, id, caller, "reporter")
      : requireProjectRole(gitlab, id, caller, role);
  const environment = gitlab.environments.find(project.id, environment_id);
  if (environment === undefined) throw recordNotFound();
  return { caller, project, environment };
}

type Given = Partial<{
  [K in keyof typeof fields]: ReturnType<typeof readParameters<typeof fields>>[K];
}>;

function readChanges(given: Given): Partial<EnvironmentFields> {
  // An empty string clears the field.
  const texts = {
    externalUrl: given.external_url,
    kubernetesNamespace: given.kubernetes_namespace,
    fluxResourcePath: given.flux_resource_path,
    description: given.description,
  };
  return {
    ...Object.fromEntries(
      Object.entries(texts).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value === "" ? null : value]],
      ),
    ),
    ...(given.tier === undefined ? {} : { tier: given.tier }),
    ...(given.auto_stop_setting === undefined ? {} : { autoStopSetting: given.auto_stop_setting }),
  };
}

function checkSlug({ slug }: Given): void {
  if (slug === undefined) return;
  throw invalidParameters("slug is automatically generated and cannot be changed");
}

/** Refuses a cluster agent, because the simulator has none. */
function checkAgent({ cluster_agent_id }: Given): void {
  if (cluster_agent_id === undefined) return;
  throw badRequest("cluster agent doesn't exist or cannot be associated with this environment");
}

function findUrlProblems(url: string | undefined): string[] {
  if (url === undefined || url === "") return [];
  const maximum = 255;
  const problems = url.length > maximum ? [`is too long (maximum is ${maximum} characters)`] : [];
  // GitLab requires a scheme here, and accepts any but `javascript`.
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s]/i.test(url) || /^javascript:/i.test(url)) {
    problems.push("URI is invalid");
  }
  return problems;
}
