import type { FastifyInstance } from "fastify";

import { findCaller, requireCaller } from "../access/authentication";
import { renderPipeline, renderPipelineBasic } from "../entities/pipeline";
import { invalidAttributes } from "../errors";
import type { GitLab } from "../gitlab";
import { isOutcome, jobStatuses } from "../model/jobs";
import { pipelineSources, type Pipeline, type PipelineVariable } from "../model/pipelines";
import { paginate } from "../http/pagination";
import { instant } from "../http/dates";
import {
  boolean,
  oneOf,
  optional,
  type ParseResult,
  readParameters,
  required,
  text,
} from "../http/parameters";
import { requireProject, requireProjectRole } from "../access/permissions";
import { mayWriteRef } from "../access/protectedRefs";
import { directions, isWithin, sortBy } from "../http/sorting";

const filters = {
  scope: optional(oneOf(["running", "pending", "finished", "branches", "tags"])),
  status: optional(
    oneOf([
      ...jobStatuses,
      "waiting_for_resource",
      "preparing",
      "skipped",
      "scheduled",
      "canceling",
    ]),
  ),
  ref: optional(text),
  sha: optional(text),
  yaml_errors: optional(boolean),
  username: optional(text),
  name: optional(text),
  source: optional(oneOf(pipelineSources)),
  created_after: optional(instant),
  created_before: optional(instant),
  updated_after: optional(instant),
  updated_before: optional(instant),
  order_by: optional(oneOf(["id", "status", "ref", "updated_at", "user_id"])),
  sort: optional(oneOf(directions)),
};

/** Lists a project's pipelines, and creates one. */
export function servePipelineListing(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/projects/:id/pipelines", (request, reply) => {
    const { id, ...asked } = readParameters(request, { id: required(text), ...filters });
    const project = requireProject(gitlab, id, findCaller(gitlab, request));
    const found = filterPipelines(gitlab, gitlab.pipelines.list(project.id), asked);
    return paginate(gitlab, request, reply, found).map((pipeline) => ({
      ...renderPipelineBasic(gitlab, project, pipeline),
      name: pipeline.name,
    }));
  });

  app.post("/projects/:id/pipeline", (request, reply) => {
    const caller = requireCaller(gitlab, request);
    const { id, ref, variables } = readParameters(request, {
      id: required(text),
      ref: required(text),
      variables: optional(pipelineVariables),
    });
    const project = requireProjectRole(gitlab, id, caller, "developer");
    // There is no git, so every reference with a name exists. There is no CI configuration either, so the pipeline
    // has no jobs until the control endpoint adds some.
    if (ref.trim() === "") throw invalidAttributes({ base: ["Reference not found"] });
    if (!mayWriteRef(gitlab, project, caller.user, { ref, tag: false })) {
      throw invalidAttributes({
        base: [
          `You do not have sufficient permission to run a pipeline on '${ref}'. ` +
            "Please select a different branch or contact your administrator for assistance.",
        ],
      });
    }
    const pipeline = gitlab.pipelines.create({
      project,
      user: caller.user,
      ref,
      source: "api",
      variables,
    });
    return reply.code(201).send(renderPipeline(gitlab, project, pipeline));
  });
}

type Asked = Partial<ReturnType<typeof readParameters<typeof filters>>>;

function filterPipelines(gitlab: GitLab, pipelines: readonly Pipeline[], asked: Asked): Pipeline[] {
  const user =
    asked.username === undefined
      ? undefined
      : (gitlab.users.findByUsername(asked.username)?.id ?? 0);
  const found = pipelines
    .filter((one) => isInScope(one, asked.scope))
    .filter(({ status }) => (asked.status ?? status) === status)
    .filter(({ ref }) => (asked.ref ?? ref) === ref)
    .filter(({ sha }) => (asked.sha ?? sha) === sha)
    .filter(({ name }) => (asked.name ?? name) === name)
    .filter(({ source }) => (asked.source ?? source) === source)
    .filter(({ userId }) => user === undefined || user === userId)
    .filter(() => asked.yaml_errors !== true)
    .filter(({ createdAt }) => isWithin(createdAt, asked.created_after, asked.created_before))
    .filter(({ updatedAt }) => isWithin(updatedAt, asked.updated_after, asked.updated_before));
  return sortBy(found, (one) => valueOf(one, asked.order_by), asked.sort ?? "desc");
}

function isInScope({ status, tag }: Pipeline, scope: Asked["scope"]): boolean {
  switch (scope) {
    case "running":
      return status === "running";
    case "pending":
      return status === "pending" || status === "created";
    case "finished":
      return isOutcome(status);
    case "branches":
      return !tag;
    case "tags":
      return tag;
    case undefined:
      return true;
  }
}

function valueOf(pipeline: Pipeline, order: Asked["order_by"] = "id"): string | number {
  return {
    id: pipeline.id,
    status: pipeline.status,
    ref: pipeline.ref,
    updated_at: pipeline.updatedAt,
    user_id: pipeline.userId,
  }[order];
}

/** Parses a list of variables, each with a key and a value. */
function pipelineVariables(given: unknown): ParseResult<PipelineVariable[]> {
  if (!Array.isArray(given)) return { problem: "is invalid" };
  const variables = given.flatMap((item: unknown): PipelineVariable[] => {
    const {
      key,
      value,
      variable_type: variableType = "env_var",
    } = Object(item) as Record<string, unknown>;
    if (variableType !== "env_var" && variableType !== "file") return [];
    return typeof key === "string" && typeof value === "string"
      ? [{ key, value, variableType }]
      : [];
  });
  return variables.length === given.length ? { value: variables } : { problem: "is invalid" };
}
