import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller, type Caller } from "../access/authentication";
import { renderDeployment } from "../entities/deployment";
import { badRequest, invalidAttributes, invalidRecord, recordNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import {
  deploymentStatuses,
  givenDeploymentStatuses,
  type Deployment,
  type DeploymentArgs,
  type GivenDeploymentStatus,
} from "../model/deployments";
import { findNameProblems } from "../model/environmentNames";
import type { Environment } from "../model/environments";
import type { Role } from "../model/members";
import type { Project } from "../model/namespaces";
import { paginate } from "../http/pagination";
import { instant } from "../http/dates";
import {
  boolean,
  filledText,
  integer,
  oneOf,
  optional,
  readParameters,
  required,
  text,
} from "../http/parameters";
import { requireOpenProject, requireProjectRole } from "../access/permissions";
import { directions, isWithin, sortBy } from "../http/sorting";

const path = "/projects/:id/deployments";

/** The deployments of a project. A job token can use all of these endpoints. */
export function serveDeployments(app: FastifyInstance, gitlab: GitLab): void {
  app.get(path, (request, reply) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const { id, ...asked } = readParameters(request, { id: required(text), ...filters });
    const project = requireOpenProject(gitlab, id, caller, "reporter");
    const found = filterDeployments(gitlab, project, asked);
    return paginate(gitlab, request, reply, found).map((one) => render(gitlab, one));
  });

  app.get(`${path}/:deployment_id`, (request) =>
    render(gitlab, requireDeployment(gitlab, request).deployment),
  );

  app.post(path, (request, reply) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const { id, environment, ...args } = readParameters(request, {
      id: required(text),
      environment: required(filledText),
      sha: required(filledText),
      ref: required(filledText),
      tag: required(boolean),
      status: required(oneOf(givenDeploymentStatuses)),
    });
    const project = requireProjectRole(gitlab, id, caller, "developer");
    const target = ensureEnvironment(gitlab, project, environment);
    return reply.code(201).send(render(gitlab, deploy(gitlab, target, caller, args)));
  });

  app.put(`${path}/:deployment_id`, (request) => {
    const { status } = readParameters(request, {
      status: required(oneOf(givenDeploymentStatuses)),
    });
    const { deployment } = requireDeployment(gitlab, request, "developer");
    checkTransition(deployment, status);
    const changed = gitlab.deployments.setStatus(deployment, status);
    makeAvailable(gitlab, changed);
    return render(gitlab, changed);
  });

  app.delete(`${path}/:deployment_id`, (request, reply) => {
    const { deployment } = requireDeployment(gitlab, request, "maintainer");
    if (deployment.status === "running") {
      throw invalidRecord("Cannot destroy running deployment");
    }
    if (gitlab.deployments.findLast({ id: deployment.environmentId })?.id === deployment.id) {
      throw invalidRecord("Deployment currently deployed to environment");
    }
    gitlab.deployments.delete(deployment);
    return reply.code(204).send();
  });
}

const filters = {
  order_by: optional(oneOf(["id", "iid", "created_at", "updated_at", "finished_at", "ref"])),
  sort: optional(oneOf(directions)),
  updated_after: optional(instant),
  updated_before: optional(instant),
  finished_after: optional(instant),
  finished_before: optional(instant),
  environment: optional(text),
  status: optional(oneOf(deploymentStatuses)),
};

/**
 * Filters deployments. Like GitLab, refuses a filter together with another order, because that query would be slow.
 */
function filterDeployments(
  gitlab: GitLab,
  project: Project,
  asked: Partial<ReturnType<typeof readParameters<typeof filters>>>,
): Deployment[] {
  const { updated_after, updated_before, finished_after, finished_before, order_by } = asked;
  const byUpdate = (updated_after ?? updated_before) !== undefined;
  const byFinish = (finished_after ?? finished_before) !== undefined;
  if (byUpdate && byFinish) {
    throw badRequest("Both `updated_at` filter and `finished_at` filter can not be specified");
  }
  if (byUpdate && order_by !== "updated_at") {
    throw badRequest("`updated_at` filter requires `updated_at` sort");
  }
  if (byFinish && order_by !== "finished_at") {
    throw badRequest("`finished_at` filter requires `finished_at` sort.");
  }
  if (byFinish && asked.status !== "success") {
    throw badRequest("`finished_at` filter must be combined with `success` status filter.");
  }
  const environment =
    asked.environment === undefined
      ? undefined
      : (gitlab.environments.findByName(project.id, asked.environment)?.id ?? 0);
  const found = gitlab.deployments
    .list(project.id)
    .filter(({ environmentId }) => environment === undefined || environmentId === environment)
    .filter(({ status }) => asked.status === undefined || status === asked.status)
    .filter(({ updatedAt }) => isWithin(updatedAt, updated_after, updated_before))
    .filter(({ finishedAt }) => isWithin(finishedAt ?? "", finished_after, finished_before));
  return sortBy(found, (one) => valueOf(one, order_by), asked.sort ?? "asc");
}

/** Returns the value to sort by. Sorting by creation or by number is the same as by id. */
function valueOf(deployment: Deployment, order: string | undefined): string | number {
  if (order === "updated_at") return deployment.updatedAt;
  if (order === "finished_at") return deployment.finishedAt ?? "";
  return order === "ref" ? deployment.ref : deployment.id;
}

function requireDeployment(
  gitlab: GitLab,
  request: FastifyRequest,
  role?: Role,
): { caller: Caller; deployment: Deployment } {
  const caller = requireCaller(gitlab, request, { jobTokens: true });
  const { id, deployment_id } = readParameters(request, {
    id: required(text),
    deployment_id: required(integer),
  });
  const project =
    role === undefined
      ? requireOpenProject(gitlab, id, caller, "reporter")
      : requireProjectRole(gitlab, id, caller, role);
  const deployment = gitlab.deployments.find(project.id, deployment_id);
  if (deployment === undefined) throw recordNotFound();
  return { caller, deployment };
}

function ensureEnvironment(gitlab: GitLab, project: Project, name: string): Environment {
  const known = gitlab.environments.findByName(project.id, name);
  if (known !== undefined) return known;
  const problems = findNameProblems(name);
  if (problems.length > 0) throw invalidAttributes({ name: problems });
  return gitlab.environments.create(project.id, name, {});
}

/** Creates a deployment, unless it repeats the last successful one: then, like GitLab, returns that one. */
function deploy(
  gitlab: GitLab,
  environment: Environment,
  { user }: Caller,
  args: DeploymentArgs,
): Deployment {
  const last = gitlab.deployments.findLast(environment);
  const same =
    last?.ref === args.ref &&
    last.tag === args.tag &&
    last.sha === args.sha &&
    last.status === args.status;
  if (last !== undefined && same) return last;
  const deployment = gitlab.deployments.create(environment, user, args);
  makeAvailable(gitlab, deployment);
  return deployment;
}

/** Makes the environment of a deployment available, even if it was stopped. */
function makeAvailable(gitlab: GitLab, { projectId, environmentId, status }: Deployment): void {
  const environment = gitlab.environments.find(projectId, environmentId);
  if (status === "success" && environment !== undefined) gitlab.environments.start(environment);
}

const events: Readonly<Record<GivenDeploymentStatus, string>> = {
  running: "run",
  success: "succeed",
  failed: "drop",
  canceled: "cancel",
};

/**
 * Refuses an invalid change of status. A deployment starts once, but a finished one may change to another final
 * status.
 */
function checkTransition({ status }: Deployment, to: GivenDeploymentStatus): void {
  const allowed = to === "running" ? ["created", "blocked"].includes(status) : status !== to;
  if (!allowed) throw invalidAttributes({ status: [`cannot transition via "${events[to]}"`] });
}

function render(gitlab: GitLab, deployment: Deployment): object {
  return renderDeployment(
    gitlab,
    deployment,
    gitlab.environments.find(deployment.projectId, deployment.environmentId),
  );
}
