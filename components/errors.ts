import * as pulumi from "@pulumi/pulumi";

/**
 * Creates the error to throw in an `apply` that must stop the update.
 *
 * All outputs that depend on the value fail with the same error. On the way the SDK prepends the name of each
 * property to the message; this error keeps its own.
 *
 * @param message what is wrong and how to fix it. Nothing else is printed, no stack trace either
 * @param owner resource that the message is printed with
 */
export function createUpdateError(
  message: string,
  owner: pulumi.Resource | undefined,
): pulumi.ResourceError {
  const error = new pulumi.ResourceError(message, owner, true);
  return Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
}
