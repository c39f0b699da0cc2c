import type { Project } from "./model/namespaces";

/** JSON, or text for answers of the layers around GitLab's API. */
export type ErrorBody = Readonly<Record<string, unknown>> | string;

/** An answer other than success, in one of the forms of GitLab's API. */
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

/** The request names a project by an earlier path. The answer depends on the method. */
export class MovedProject extends Error {
  override readonly name = "MovedProject";

  constructor(readonly project: Project) {
    super("The project has moved.");
  }
}

/** The request has no token, or one that GitLab doesn't know. */
export function unauthorized(): ApiError {
  return new ApiError(401, { message: "401 Unauthorized" });
}

/** The token has expired or was revoked. */
export function invalidToken(description: string): ApiError {
  return new ApiError(
    401,
    { error: "invalid_token", error_description: description },
    {
      "www-authenticate": `Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="${description}"`,
    },
  );
}

/** The token's scopes don't include one of the endpoint's, which are `scopes`. */
export function insufficientScope(scopes: readonly string[]): ApiError {
  return new ApiError(403, {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: scopes.join(" "),
  });
}

/** The caller's role is too low for something that the caller may see; some endpoints give a reason. */
export function forbidden(reason?: string): ApiError {
  return new ApiError(403, { message: withReason("403 Forbidden", reason) });
}

/** A project or group, or something in it, doesn't exist, or the caller may not see it. */
export function resourceNotFound(resource: string): ApiError {
  return new ApiError(404, { message: `404 ${resource} Not Found` });
}

/** A record in a project or group doesn't exist. */
export function recordNotFound(): ApiError {
  return new ApiError(404, { message: "404 Not found" });
}

/** Something that the endpoint looks for doesn't exist; the answer does not name its kind. */
export function notFound(): ApiError {
  return new ApiError(404, { message: "404 Not Found" });
}

/** The route doesn't exist. */
export function routeNotFound(): ApiError {
  return new ApiError(404, { error: "404 Not Found" });
}

/** The route exists, but for other methods. */
export function methodNotAllowed(allowed: readonly string[]): ApiError {
  return new ApiError(405, { error: "405 Not Allowed" }, { allow: allowed.join(", ") });
}

/** The endpoint refuses the request whatever its parameters are. */
export function notAllowed(message = "405 Method Not Allowed"): ApiError {
  return new ApiError(405, { message });
}

/** Parameters don't match their declaration. */
export function invalidParameters(problem: string): ApiError {
  return new ApiError(400, { error: problem });
}

/** The endpoint refuses the request for a reason of its own. */
export function badRequest(reason?: string): ApiError {
  return new ApiError(400, { message: withReason("400 Bad request", reason) });
}

/** Valid parameters violate the record's rules; the answer is one sentence. */
export function invalidRecord(problem: string): ApiError {
  return new ApiError(400, { message: problem });
}

/** The same by attribute, as in most endpoints: `{"name":["is too long (maximum is 255 characters)"]}` */
export function invalidAttributes(problems: Readonly<Record<string, readonly string[]>>): ApiError {
  return new ApiError(400, { message: problems });
}

/** Throws if any attribute has a problem. */
export function checkAttributes(problems: Readonly<Record<string, readonly string[]>>): void {
  const wrong = Object.entries(problems).filter(([, all]) => all.length > 0);
  if (wrong.length > 0) throw invalidAttributes(Object.fromEntries(wrong));
}

/** Something can't be created or changed for another reason, such as a name that is taken. */
export function unprocessable(message: unknown): ApiError {
  return new ApiError(422, { message });
}

/** Something exists already, or prevents the change. */
export function conflict(message: string | readonly string[] = "409 Conflict"): ApiError {
  return new ApiError(409, { message });
}

/** The text contains a NUL or invalid UTF-8: GitLab refuses it before it looks for the route. */
export function malformedRequest(): ApiError {
  return new ApiError(400, "Bad Request");
}

/** The limit of one endpoint is exceeded. Unlike GitLab's general rate limits, this is JSON without headers. */
export function tooManyRequests(): ApiError {
  return new ApiError(429, {
    message: { error: "This endpoint has been requested too many times. Try again later." },
  });
}

function withReason(message: string, reason: string | undefined): string {
  return reason === undefined ? message : `${message} - ${reason}`;
}
