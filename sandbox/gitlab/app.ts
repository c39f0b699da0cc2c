import { STATUS_CODES } from "node:http";

import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";

import { serveDeployments } from "./api/deployments";
import { serveDeployTokens } from "./api/deployTokens";
import { serveEnvironments } from "./api/environments";
import { serveGroups } from "./api/groups";
import { serveHealth } from "./api/health";
import { serveJobs } from "./api/jobs";
import { serveMergeRequestMerging } from "./api/mergeRequestMerging";
import { serveMergeRequests } from "./api/mergeRequests";
import { serveMergeRequestWriting } from "./api/mergeRequestWriting";
import { serveNotes } from "./api/notes";
import { servePersonalAccessTokens } from "./api/personalAccessTokens";
import { servePipelineListing } from "./api/pipelineListing";
import { servePipelines } from "./api/pipelines";
import { serveProjects } from "./api/projects";
import { serveStaleEnvironments } from "./api/staleEnvironments";
import { serveStateEvents } from "./api/stateEvents";
import { serveUsers } from "./api/users";
import { serveVersion } from "./api/version";
import { ApiError, routeNotFound } from "./errors";
import type { GitLab } from "./gitlab";
import { serveJwtAuth, type RegistryTokens } from "./registry/jwtAuth";

/** The areas of the REST API, one file each. */
const areas: readonly ((api: FastifyInstance, gitlab: GitLab) => void)[] = [
  serveDeployments,
  serveDeployTokens,
  serveEnvironments,
  serveGroups,
  serveJobs,
  serveMergeRequestMerging,
  serveMergeRequests,
  serveMergeRequestWriting,
  serveNotes,
  servePersonalAccessTokens,
  servePipelineListing,
  servePipelines,
  serveProjects,
  serveStaleEnvironments,
  serveStateEvents,
  serveUsers,
  serveVersion,
];

/** GitLab's longest full path, encoded. */
const longestParameter = 1024;

/** Certificate and key with which the server does TLS, both PEM. */
export interface Tls {
  readonly certificate: string;
  readonly key: string;
}

/** What the HTTP side needs to know beside GitLab's state. */
export interface AppArgs {
  readonly tls: Tls | undefined;
  readonly tokens: RegistryTokens;
  /** Takes one line for each request, and defects with their stack. */
  readonly log: (line: string) => void;
}

/** Builds the server: every route, and the shapes of what goes wrong. */
export function buildApp(gitlab: GitLab, { tls, tokens, log }: AppArgs): FastifyInstance {
  const app: FastifyInstance = fastify({
    https: tls === undefined ? null : { cert: tls.certificate, key: tls.key },
    routerOptions: { maxParamLength: longestParameter },
    frameworkErrors: (error, _request, reply) => void renderError(error, reply, log),
  });

  readBodies(app);
  app.setErrorHandler((error: FastifyError, _request, reply) => renderError(error, reply, log));
  app.setNotFoundHandler((_request, reply) => renderError(routeNotFound(), reply, log));
  app.addHook("onSend", (_request, reply, _payload, done) => {
    void reply.headers({ "x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN" });
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    // The route's pattern, not the URL: what is in paths and queries stays out of the log.
    const route = request.routeOptions.url ?? "(no such route)";
    log(`${request.method} ${route} ${reply.statusCode} ${Math.round(reply.elapsedTime)} ms`);
    done();
  });

  serveHealth(app);
  serveJwtAuth(app, gitlab, tokens);
  void app.register(
    (api, _options, done) => {
      for (const serve of areas) serve(api, gitlab);
      done();
    },
    { prefix: "/api/v4" },
  );
  return app;
}

/** Bodies as GitLab takes them: JSON, which may be empty, and forms. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? undefined : JSON.parse(String(body)));
    } catch {
      done(malformedBody());
    }
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => {
      const fields = new URLSearchParams(String(body));
      // `scopes[]=a&scopes[]=b` is a list.
      const read = (key: string): [string, unknown] =>
        key.endsWith("[]") ? [key.slice(0, -2), fields.getAll(key)] : [key, fields.get(key)];
      done(null, Object.fromEntries([...new Set(fields.keys())].map(read)));
    },
  );
}

function malformedBody(): ApiError {
  return new ApiError(400, {
    error:
      "\nProblem:\n  message body does not match declared format\nResolution:\n  when specifying " +
      "application/json as content-type, you must pass valid application/json in the request's 'body' ",
  });
}

function renderError(
  error: ApiError | FastifyError,
  reply: FastifyReply,
  log: (line: string) => void,
): FastifyReply {
  const answer = error instanceof ApiError ? error : translate(error);
  if (answer.status >= 500) log(error.stack ?? error.message);
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** What Fastify found wrong, in GitLab's shape; the rest is a defect of ours. */
function translate(error: FastifyError): ApiError {
  const status = error.statusCode ?? 500;
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new ApiError(415, { error: "The provided content-type is not supported." });
  }
  return status < 500
    ? new ApiError(status, { error: `${status} ${STATUS_CODES[status]}` })
    : new ApiError(500, { message: "500 Internal Server Error" });
}
