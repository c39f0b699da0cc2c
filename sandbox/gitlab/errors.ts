/** An answer other than success, in one of the shapes that GitLab's API has for it. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
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

/** A role too low for something that its bearer may see. */
export function forbidden(reason?: string): ApiError {
  return new ApiError(403, {
    message: reason === undefined ? "403 Forbidden" : `403 Forbidden - ${reason}`,
  });
}

/** Something that GitLab names, such as a project, that doesn't exist or that the caller may not see. */
export function resourceNotFound(resource: string): ApiError {
  return new ApiError(404, { message: `404 ${resource} Not Found` });
}

/** A record below a project or group that doesn't exist. */
export function recordNotFound(): ApiError {
  return new ApiError(404, { message: "404 Not found" });
}

/** A route that doesn't exist. */
export function routeNotFound(): ApiError {
  return new ApiError(404, { error: "404 Not Found" });
}

/** Parameters that don't fit their declaration. */
export function invalidParameters(problem: string): ApiError {
  return new ApiError(400, { error: problem });
}

/** Values that fit their declaration, and that the record's own rules refuse. */
export function invalidRecord(problem: string): ApiError {
  return new ApiError(400, { message: problem });
}

/** Fields that the record's own rules refuse, each with all that is wrong with it. */
export function invalidAttributes(problems: Readonly<Record<string, readonly string[]>>): ApiError {
  return new ApiError(400, { message: problems });
}

/** A request that is well-formed and can't be done. */
export function badRequest(reason: string): ApiError {
  return new ApiError(400, { message: `400 Bad request - ${reason}` });
}

/** Something that isn't possible in the state that the record is in. */
export function notAllowed(): ApiError {
  return new ApiError(405, { message: "405 Method Not Allowed" });
}

/** Something that is in the way of what is asked for. */
export function conflict(message: string | readonly string[]): ApiError {
  return new ApiError(409, { message });
}

/** Values that make no sense together. */
export function unprocessable(message: string | readonly string[]): ApiError {
  return new ApiError(422, { message });
}
