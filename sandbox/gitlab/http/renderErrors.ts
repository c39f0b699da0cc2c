import { STATUS_CODES } from "node:http";

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import {
  ApiError,
  malformedRequest,
  methodNotAllowed,
  MovedProject,
  notAllowed,
  routeNotFound,
} from "../errors";
import type { GitLab } from "../gitlab";
import type { Routes } from "./routes";

type Log = (line: string) => void;

/** Renders the answer to an error, and to a request with no route. */
export function renderErrors(app: FastifyInstance, gitlab: GitLab, routes: Routes, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const told = error instanceof MovedProject ? redirect(gitlab, request, error) : error;
    return renderError(told, reply, log);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0];
    // Only Grape, under `/api/`, answers 405; Rails doesn't.
    const methods = path.startsWith("/api/") ? routes.findMethods(path) : [];
    if (methods.length === 0) return renderError(routeNotFound(), reply, log);
    const allowed = ["OPTIONS", ...methods];
    // Grape's answers. GitLab may answer 404 if there is no route; this is not verified.
    if (request.method === "OPTIONS") {
      return reply.code(204).header("allow", allowed.join(", ")).send();
    }
    return renderError(methodNotAllowed(allowed), reply, log);
  });
}

/** Sends an error in GitLab's form. The cause of a defect is only logged. */
export function renderError(error: Error, reply: FastifyReply, log: Log): FastifyReply {
  const answer = error instanceof ApiError ? error : translate(error as FastifyError);
  if (answer.status === 500) log(error.stack ?? error.message);
  if (typeof answer.body === "string") void reply.type("text/plain");
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** Translates Fastify's errors into GitLab's form; any other error is a defect of the simulator. */
function translate(error: FastifyError): ApiError {
  const status = error.statusCode ?? 500;
  if (error.code === "FST_ERR_BAD_URL") return malformedRequest();
  return status < 500
    ? new ApiError(status, { error: `${status} ${STATUS_CODES[status]}` })
    : new ApiError(500, { message: "500 Internal Server Error" });
}

/** Redirects to the project's id, which never changes. Only reading requests are redirected. */
function redirect(gitlab: GitLab, request: FastifyRequest, { project }: MovedProject): ApiError {
  if (request.method !== "GET") {
    return notAllowed("Non GET methods are not allowed for moved projects");
  }
  const { pathname, search } = new URL(request.url, gitlab.url);
  const path = pathname.replace(/^(\/api\/v4\/projects\/)[^/]+/, `$1${project.id}`);
  const location = `${gitlab.url}${path}${search}`;
  return new ApiError(301, `This resource has been moved permanently to ${location}`, { location });
}
