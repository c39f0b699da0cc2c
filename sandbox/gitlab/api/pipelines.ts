import type { FastifyInstance, FastifyRequest } from "fastify";

import { findCaller, requireCaller, type Caller } from "../access/authentication";
import { renderJob } from "../entities/job";
import { renderPipeline } from "../entities/pipeline";
import { forbidden, recordNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import { jobStatuses } from "../model/jobs";
import type { Project } from "../model/namespaces";
import type { Pipeline } from "../model/pipelines";
import { paginate } from "../http/pagination";
import { listOf } from "../http/lists";
import {
  boolean,
  filledText,
  integer,
  optional,
  readParameters,
  required,
  text,
} from "../http/parameters";
import { levelInProject, requireProject, requireRole } from "../access/permissions";
import { mayWriteRef } from "../access/protectedRefs";

const path = "/projects/:id/pipelines";

/**
 * The existing pipelines of a project. Every user who sees the project sees them, since GitLab's pipelines are public
 * within a project by default.
 */
export function servePipelines(app: FastifyInstance, gitlab: GitLab): void {
  app.get(`${path}/latest`, (request) => {
    const { id, ref } = readParameters(request, { id: required(text), ref: optional(text) });
    const project = requireProject(gitlab, id, findCaller(gitlab, request));
    const latest = gitlab.pipelines
      .list(project.id)
      .find((pipeline) => pipeline.ref === (ref ?? project.defaultBranch));
    // GitLab checks the right to read a missing pipeline, and that check fails.
    if (latest === undefined) throw forbidden();
    return renderWithName(gitlab, project, latest);
  });

  app.get(`${path}/:pipeline_id`, (request) => {
    const { project, pipeline } = requirePipeline(gitlab, request);
    return renderWithName(gitlab, project, pipeline);
  });

  app.get(`${path}/:pipeline_id/jobs`, (request, reply) => {
    const { scope, include_retried = false } = readParameters(request, {
      scope: optional(listOf(jobStatuses)),
      include_retried: optional(boolean),
    });
    const { project, pipeline } = requirePipeline(gitlab, request, { jobTokens: true });
    const jobs = gitlab.jobs
      .listOfPipeline(pipeline.id)
      .filter((job) => include_retried || !job.retried)
      .filter(({ status }) => scope === undefined || scope.includes(status));
    return paginate(gitlab, request, reply, jobs).map((job) => renderJob(gitlab, project, job));
  });

  app.get(`${path}/:pipeline_id/bridges`, (request, reply) => {
    requirePipeline(gitlab, request);
    // The simulator has no pipelines that start others.
    return paginate(gitlab, request, reply, []);
  });

  app.get(`${path}/:pipeline_id/variables`, (request) => {
    const { caller, project, pipeline } = requirePipeline(gitlab, request);
    const own =
      pipeline.userId === caller?.user.id && mayWriteRef(gitlab, project, caller.user, pipeline);
    if (!own) requireRole(levelInProject(gitlab, project, caller?.user), "maintainer");
    return pipeline.variables.map(({ key, value, variableType }) => ({
      variable_type: variableType,
      key,
      value,
      raw: false,
    }));
  });

  app.post(`${path}/:pipeline_id/cancel`, (request) => {
    const { project, pipeline } = requireRunnablePipeline(gitlab, request);
    return renderPipeline(gitlab, project, gitlab.pipelines.cancel(pipeline));
  });

  app.post(`${path}/:pipeline_id/retry`, (request, reply) => {
    const { caller, project, pipeline } = requireRunnablePipeline(gitlab, request);
    const retried = gitlab.pipelines.retry(pipeline, caller.user);
    return reply.code(201).send(renderPipeline(gitlab, project, retried));
  });

  app.put(`${path}/:pipeline_id/metadata`, (request) => {
    const { name } = readParameters(request, { name: required(filledText) });
    const { project, pipeline } = requireRunnablePipeline(gitlab, request, { jobTokens: true });
    return renderWithName(gitlab, project, gitlab.pipelines.rename(pipeline, name));
  });

  app.delete(`${path}/:pipeline_id`, (request, reply) => {
    const caller = requireCaller(gitlab, request);
    const { project, pipeline } = find(gitlab, request, caller);
    requireRole(levelInProject(gitlab, project, caller.user), "owner");
    gitlab.pipelines.delete(pipeline);
    return reply.code(204).send();
  });
}

interface Found {
  readonly project: Project;
  readonly pipeline: Pipeline;
}

function requirePipeline(
  gitlab: GitLab,
  request: FastifyRequest,
  rule: { readonly jobTokens?: boolean } = {},
): Found & { caller: Caller | undefined } {
  const caller = findCaller(gitlab, request, rule);
  return { caller, ...find(gitlab, request, caller) };
}

/** Returns the pipeline if the caller may run it. */
function requireRunnablePipeline(
  gitlab: GitLab,
  request: FastifyRequest,
  rule: { readonly jobTokens?: boolean } = {},
): Found & { caller: Caller } {
  const caller = requireCaller(gitlab, request, rule);
  const found = find(gitlab, request, caller);
  if (!mayWriteRef(gitlab, found.project, caller.user, found.pipeline)) throw forbidden();
  return { caller, ...found };
}

function find(gitlab: GitLab, request: FastifyRequest, caller: Caller | undefined): Found {
  const { id, pipeline_id } = readParameters(request, {
    id: required(text),
    pipeline_id: required(integer),
  });
  const project = requireProject(gitlab, id, caller);
  const pipeline = gitlab.pipelines.find(project.id, pipeline_id);
  if (pipeline === undefined) throw recordNotFound();
  return { project, pipeline };
}

function renderWithName(gitlab: GitLab, project: Project, pipeline: Pipeline): object {
  return { ...renderPipeline(gitlab, project, pipeline), name: pipeline.name };
}
