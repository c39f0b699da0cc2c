import type { FastifyInstance } from "fastify";

import { malformedRequest } from "../errors";
import { parseFields } from "./fields";

/** How deep GitLab looks into parameters. */
const maximumDepth = 2;

/** In place of a query that can't be read: the router has no way to refuse one. */
const unreadable = Object.freeze({});

/** Reads a query; one that can't be read is refused when the request has found its route. */
export function parseQuery(text: string): Record<string, unknown> {
  try {
    return parseFields(text);
  } catch {
    return unreadable;
  }
}

/** Refuses requests whose query can't be read, or with NUL in path, parameters or credentials, as GitLab does. */
export function refuseMalformedText(app: FastifyInstance): void {
  app.addHook("preValidation", (request, _reply, done) => {
    const basic = /^Basic (.*)$/i.exec(request.headers.authorization ?? "")?.[1];
    const malformed =
      request.query === unreadable ||
      [request.params, request.query, request.body].some((value) => hasNul(value, 0)) ||
      (basic !== undefined && Buffer.from(basic, "base64").includes(0));
    done(malformed ? malformedRequest() : undefined);
  });
}

function hasNul(value: unknown, depth: number): boolean {
  if (typeof value === "string") return value.includes("\0");
  if (typeof value !== "object" || value === null || depth > maximumDepth) return false;
  return Object.values(value).some((item) => hasNul(item, depth + 1));
}
