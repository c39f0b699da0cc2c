import type { FastifyRequest } from "fastify";

/** Tokens that a request to the API carries, each where GitLab looks for its kind. */
export interface Tokens {
  /** Where an access token may be; a job's is passed over. */
  readonly access?: string;
  /** What came as OAuth has it. Where jobs are let in, it may be one's. */
  readonly bearer?: string;
  readonly job?: string;
}

const jobTokenPrefix = "glcbt-";

/**
 * The request's tokens. Parameters come before headers, as in GitLab, and may be in the query or in the
 * body. What one endpoint takes and another doesn't is the caller's matter.
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
