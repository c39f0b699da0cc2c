import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller, type Caller } from "../access/authentication";
import { renderJob } from "../entities/job";
import { badRequest, forbidden, recordNotFound, resourceNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import { hasEnded, jobStatuses, type Job } from "../model/jobs";
import { roles, type Role } from "../model/members";
import type { Project } from "../model/namespaces";
import { paginate } from "../http/pagination";
import { listOf } from "../http/lists";
import { boolean, integer, optional, readParameters, required, text } from "../http/parameters";
import { levelInProject, requireProject, requireRole } from "../access/permissions";
import { mayWriteRef } from "../access/protectedRefs";

const path = "/projects/:id/jobs";

/** The jobs of a project, and the job that a job token belongs to. */
export function serveJobs(app: FastifyInstance, gitlab: GitLab): void {
  app.get("/job", (request) => {
    const { job } = requireCaller(gitlab, request, { jobTokens: true });
    const project = job && gitlab.namespaces.findProject(String(job.projectId));
    // An access token is accepted too, but it has no job.
    if (job === undefined || project === undefined) throw resourceNotFound("Job");
    return renderJob(gitlab, project, job);
  });

  app.get(path, (request, reply) => {
    const caller = requireCaller(gitlab, request, { jobTokens: true });
    const { id, scope } = readParameters(request, {
      id: required(text),
      scope: optional(listOf(jobStatuses)),
    });
    const project = requireProject(gitlab, id, caller);
    const jobs = gitlab.jobs
      .list(project)
      .filter(({ status }) => scope === undefined || scope.includes(status));
    return paginate(gitlab, request, reply, jobs).map((job) => renderJob(gitlab, project, job));
  });

  app.get(`${path}/:job_id`, (request) => {
    const { project, job } = requireJob(gitlab, request);
    return renderJob(gitlab, project, job);
  });

  app.get(`${path}/:job_id/trace`, (request, reply) => {
    const { job } = requireJob(gitlab, request);
    // Nothing runs here, so there is no log.
    return reply
      .type("text/plain")
      .header("content-disposition", `infile; filename="${job.id}.log"`)
      .send("");
  });

  app.post(`${path}/:job_id/cancel`, (request, reply) => {
    const { force = false } = readParameters(request, { force: optional(boolean) });
    const { caller, project, job } = requireJob(gitlab, request, "developer");
    requireControl(gitlab, project, job, caller);
    if (force) requireRole(levelInProject(gitlab, project, caller.user), "maintainer");
    // A finished job does not change, and GitLab reports no error.
    return reply.code(201).send(renderJob(gitlab, project, gitlab.jobs.end(job, "canceled")));
  });

  app.post(`${path}/:job_id/retry`, (request, reply) => {
    const { caller, project, job } = requireJob(gitlab, request, "developer");
    requireControl(gitlab, project, job, caller);
    if (!hasEnded(job) || job.retried) throw forbidden("Job is not retryable");
    return reply.code(201).send(renderJob(gitlab, project, gitlab.jobs.retry(job, caller.user)));
  });

  app.post(`${path}/:job_id/play`, (request) => {
    const { caller, project, job } = requireJob(gitlab, request, "developer");
    requireControl(gitlab, project, job, caller);
    if (job.status !== "manual") throw badRequest("Unplayable Job");
    return renderJob(gitlab, project, gitlab.jobs.play(job, caller.user));
  });

  app.post(`${path}/:job_id/erase`, (request, reply) => {
    const { caller, project, job } = requireJob(gitlab, request, "developer");
    requireControl(gitlab, project, job, caller);
    const level = levelInProject(gitlab, project, caller.user);
    if (job.userId !== caller.user.id && level < roles.maintainer) throw forbidden();
    if (!hasEnded(job) || job.erasedAt !== null) throw forbidden("Job is not erasable!");
    return reply.code(201).send(renderJob(gitlab, project, gitlab.jobs.erase(job)));
  });
}

function requireJob(
  gitlab: GitLab,
  request: FastifyRequest,
  role?: Role,
): { caller: Caller; project: Project; job: Job } {
  const caller = requireCaller(gitlab, request);
  const { id, job_id } = readParameters(request, {
    id: required(text),
    job_id: required(integer),
  });
  const project = requireProject(gitlab, id, caller);
  if (role !== undefined) requireRole(levelInProject(gitlab, project, caller.user), role);
  const job = gitlab.jobs.find(project, job_id);
  if (job === undefined) throw recordNotFound();
  return { caller, project, job };
}

/** Refuses a caller who may not run pipelines on the job's branch or tag. */
function requireControl(gitlab: GitLab, project: Project, job: Job, { user }: Caller): void {
  const pipeline = gitlab.pipelines.find(project.id, job.pipelineId);
  if (pipeline !== undefined && !mayWriteRef(gitlab, project, user, pipeline)) throw forbidden();
}
