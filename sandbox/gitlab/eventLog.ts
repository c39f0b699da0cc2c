import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { GitLab } from "./gitlab";
import { findRequester } from "./access/requester";

const reading = ["GET", "HEAD", "OPTIONS"];

/**
 * Records every request that may change something, and every one that fails to authenticate. The endpoints need no
 * code for this. It records only the route of the URL and ids in it, because the rest and the body may contain
 * secrets.
 */
export function recordEvents(app: FastifyInstance, gitlab: GitLab): void {
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined) {
      if (reply.statusCode === 401) record(gitlab, request, reply, "authentication_failed");
      else if (!reading.includes(request.method)) record(gitlab, request, reply, "api_request");
    }
    done();
  });
}

function record(
  gitlab: GitLab,
  request: FastifyRequest,
  reply: FastifyReply,
  action: string,
): void {
  const route = String(request.routeOptions.url).replace("/api/v4", "");
  gitlab.events.record({
    action,
    ...findRequester(request),
    target: `${request.method} ${route}`,
    details: { status: reply.statusCode, ...describePlace(gitlab, route, request.params) },
  });
}

/** Describes the target: the path of the project or group, and the ids of the records in it. */
function describePlace(gitlab: GitLab, route: string, params: unknown): Record<string, string> {
  const given = Object.entries((params ?? {}) as Record<string, unknown>);
  const ids = given.filter(([, value]) => /^\d{1,18}$/.test(String(value)));
  const place: Record<string, string> = Object.fromEntries(
    ids.map(([name, value]) => [name, String(value)]),
  );
  const id = String(given.find(([name]) => name === "id")?.[1]);
  const project = route.startsWith("/projects/:id") ? gitlab.namespaces.findProject(id) : undefined;
  const group = route.startsWith("/groups/:id") ? gitlab.namespaces.findGroup(id) : undefined;
  return {
    ...place,
    ...(project === undefined ? {} : { project: project.path }),
    ...(group === undefined ? {} : { group: group.path }),
  };
}
