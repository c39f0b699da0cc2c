import { ApiError } from "../errors";
import { RegistryError } from "./client";

/** A tag that the registry doesn't know. */
export function tagNotFound(): ApiError {
  return new ApiError(404, { message: "404 Tag Not Found" });
}

/** A refusal that says why. */
export function forbiddenBecause(reason: string): ApiError {
  return new ApiError(403, { message: `403 Forbidden - ${reason}` });
}

/** Something that can't be done, with a body of the endpoint's own. */
export function unprocessable(message: unknown): ApiError {
  return new ApiError(422, { message });
}

/** A record's own rules refuse values; the problems are listed by field. */
export function invalidFields(problems: Readonly<Record<string, readonly string[]>>): ApiError {
  return new ApiError(400, { message: problems });
}

/** Asks the registry; when it fails, the answer is GitLab's for that. */
export async function askRegistry<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new ApiError(503, {
      message:
        "We are having trouble connecting to the Container Registry. If this error persists, " +
        "please review the troubleshooting documentation.",
    });
  }
}
