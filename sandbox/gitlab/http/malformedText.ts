import type { FastifyInstance } from "fastify";

import { malformedRequest } from "../errors";
import { parseFields } from "./fields";

/** How many levels of parameters GitLab checks. */
const maximumDepth = 2;

/** Replaces a query that can't be read, since the router can't refuse one. */
const unreadable = Object.freeze({});

/** Parses a query. One that can't be read is refused after routing. */
export function parseQuery(text: string): Record<string, unknown> {
  try {
    return parseFields(text);
  } catch {
    return unreadable;
  }
}

/** Refuses, as GitLab does, an unreadable query, and NUL in the path, parameters or credentials. */
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
