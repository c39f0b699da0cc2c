import { ApiError } from "../errors";
import { RegistryError } from "./client";

/** The registry doesn't know the tag. */
export function tagNotFound(): ApiError {
  return new ApiError(404, { message: "404 Tag Not Found" });
}

/** Calls the registry; if that fails, throws GitLab's error for it. */
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
