import type { Project } from "./model/namespaces";

/** JSON, or text for what GitLab's layers around its API answer. */
export type ErrorBody = Readonly<Record<string, unknown>> | string;

/** An answer other than success, in one of the shapes that GitLab's API has for it. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
  }
}

/** A project that was asked for by a path that it had once. What the answer is depends on the method. */
export class MovedProject extends Error {
  override readonly name = "MovedProject";

  constructor(readonly project: Project) {
    super("The project has moved.");
  }
}

/** No token, or one that GitLab doesn't know. */
export function unauthorized(): ApiError {
  return new ApiError(401, { message: "401 Unauthorized" });
}

/** A token that was good once. */
export function invalidToken(description: string): ApiError {
  return new ApiError(
    401,
    { error: "invalid_token", error_description: description },
    {
      "www-authenticate": `Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="${description}"`,
    },
  );
}

/** A token whose scopes don't cover the endpoint; `scopes` are those that would. */
export function insufficientScope(scopes: readonly string[]): ApiError {
  return new ApiError(403, {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: scopes.join(" "),
  });
}

/** A role too low for something that its bearer may see; some endpoints give a reason. */
export function forbidden(reason?: string): ApiError {
  return new ApiError(403, { message: withReason("403 Forbidden", reason) });
}

/** A project or group, or what is below one, that doesn't exist or that the caller may not see. */
export function resourceNotFound(resource: string): ApiError {
  return new ApiError(404, { message: `404 ${resource} Not Found` });
}

/** A record below a project or group that doesn't exist. */
export function recordNotFound(): ApiError {
  return new ApiError(404, { message: "404 Not found" });
}

/** What an endpoint itself looked for in vain, without a word on its kind. */
export function notFound(): ApiError {
  return new ApiError(404, { message: "404 Not Found" });
}

/** A route that doesn't exist. */
export function routeNotFound(): ApiError {
  return new ApiError(404, { error: "404 Not Found" });
}

/** A route that exists, for other methods. */
export function methodNotAllowed(allowed: readonly string[]): ApiError {
  return new ApiError(405, { error: "405 Not Allowed" }, { allow: allowed.join(", ") });
}

/** A request that an endpoint refuses whatever its parameters are. */
export function notAllowed(message = "405 Method Not Allowed"): ApiError {
  return new ApiError(405, { message });
}

/** Parameters that don't fit their declaration. */
export function invalidParameters(problem: string): ApiError {
  return new ApiError(400, { error: problem });
}

/** What an endpoint itself finds wrong with a request. */
export function badRequest(reason?: string): ApiError {
  return new ApiError(400, { message: withReason("400 Bad request", reason) });
}

/** Values that fit their declaration, and that the record's own rules refuse: one sentence. */
export function invalidRecord(problem: string): ApiError {
  return new ApiError(400, { message: problem });
}

/** The same by attribute, as most endpoints have it: `{"name":["is too long (maximum is 255 characters)"]}` */
export function invalidAttributes(problems: Readonly<Record<string, readonly string[]>>): ApiError {
  return new ApiError(400, { message: problems });
}

/** Refuses values when any attribute has a problem. */
export function checkAttributes(problems: Readonly<Record<string, readonly string[]>>): void {
  const wrong = Object.entries(problems).filter(([, all]) => all.length > 0);
  if (wrong.length > 0) throw invalidAttributes(Object.fromEntries(wrong));
}

/** What can't be made or changed for a reason of its own, such as a name that is taken. */
export function unprocessable(message: unknown): ApiError {
  return new ApiError(422, { message });
}

/** Something that is there already, or in the way. */
export function conflict(message: string | readonly string[] = "409 Conflict"): ApiError {
  return new ApiError(409, { message });
}

/** Text with a NUL or with bytes that aren't UTF-8: GitLab refuses it before it looks at the route. */
export function malformedRequest(): ApiError {
  return new ApiError(400, "Bad Request");
}

/** A limit of one endpoint. Unlike GitLab's throttles it comes as JSON and without headers. */
export function tooManyRequests(): ApiError {
  return new ApiError(429, {
    message: { error: "This endpoint has been requested too many times. Try again later." },
  });
}

function withReason(message: string, reason: string | undefined): string {
  return reason === undefined ? message : `${message} - ${reason}`;
}
