import type { FastifyInstance, FastifyRequest } from "fastify";

import { ApiError, malformedRequest } from "../errors";
import { findJsonProblem } from "./jsonLimits";
import { parseFields } from "./fields";

/** Parses bodies as GitLab does: JSON, even without a content type, and forms of both kinds. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    read(() => parseJson(body as Buffer), done);
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "buffer" },
    (_request, body, done) => {
      read(() => parseFields(decode(body as Buffer)), done);
    },
  );
  app.addContentTypeParser(
    /^multipart\/form-data/,
    { parseAs: "buffer" },
    (request: FastifyRequest, body: Buffer) =>
      parseMultipart(body, request.headers["content-type"] ?? ""),
  );
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    const type = request.headers["content-type"];
    read(() => {
      if (type) throw unsupported(type);
      return parseJson(body as Buffer);
    }, done);
  });
}

function read(parse: () => unknown, done: (error: Error | null, body?: unknown) => void): void {
  try {
    done(null, parse());
  } catch (error) {
    done(error as Error);
  }
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(decode(body));
  } catch {
    throw malformedBody();
  }
  const problem = findJsonProblem(value);
  if (problem !== undefined) throw new ApiError(400, { error: problem });
  return value;
}

/** Parses a multipart form. Files become objects, which match no parameter here. */
async function parseMultipart(body: Buffer, type: string): Promise<unknown> {
  let form: FormData;
  try {
    form = await new Response(Uint8Array.from(body), {
      headers: { "content-type": type },
    }).formData();
  } catch {
    throw malformedRequest();
  }
  const fields = [...form].filter(([, value]) => typeof value === "string");
  return parseFields(new URLSearchParams(fields as [string, string][]).toString());
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw malformedRequest();
  }
}

function malformedBody(): ApiError {
  return new ApiError(400, {
    error:
      "\nProblem:\n  message body does not match declared format\nResolution:\n  when specifying " +
      "application/json as content-type, you must pass valid application/json in the request's 'body' ",
  });
}

function unsupported(type: string): ApiError {
  return new ApiError(415, { error: `The provided content-type '${type}' is not supported.` });
}
