import * as pulumi from "@pulumi/pulumi";

/**
 * The error to throw in an `apply`, where a value turns out to be one that the update must not go on with.
 *
 * Everything that waits for the value fails with the same error, and on its way the SDK would put the name
 * of each property that waits in front of the message. This message stays as it is.
 *
 * @param message what is wrong and what to do; it is all that is shown
 * @param owner the resource that it is shown with
 */
export function createUpdateError(
  message: string,
  owner: pulumi.Resource | undefined,
): pulumi.ResourceError {
  const error = new pulumi.ResourceError(message, owner, true);
  return Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
}
