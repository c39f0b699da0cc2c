import type { FastifyRequest } from "fastify";

/** Tokens of a request to the API, by the place where GitLab looks for them. */
export interface Tokens {
  /** An access token, from a place where job tokens are ignored. */
  readonly access?: string;
  /** The OAuth bearer token. It can be a job token if the endpoint accepts those. */
  readonly bearer?: string;
  readonly job?: string;
}

const jobTokenPrefix = "glcbt-";

/**
 * Returns the request's tokens. As in GitLab, parameters take precedence over headers, and can be in the query or in
 * the body. The caller decides which of the tokens an endpoint accepts.
 */
export function findTokens(request: FastifyRequest): Tokens {
  const parameter = (name: string): string | undefined =>
    nonEmpty(entriesOf(request.query)[name]) ?? nonEmpty(entriesOf(request.body)[name]);
  const header = (name: string): string | undefined => nonEmpty(request.headers[name]);

  const bearer =
    parameter("access_token") ??
    /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1] ??
    parameter("bearer_token");
  const access = parameter("private_token") ?? header("private-token") ?? bearer;
  return {
    bearer,
    access: access?.startsWith(jobTokenPrefix) ? undefined : access,
    job: parameter("job_token") ?? parameter("token") ?? header("job-token"),
  };
}

function entriesOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
