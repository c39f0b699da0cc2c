import type { JsonObject } from "../properties";
import { ApiError } from "./client";
import { annotationOf } from "./object";
import type { Operation } from "./operation";
import { adoptFields } from "./ownership";

/** Changes an object by server-side apply; a preview asks the server what that would give. */
export async function applyObject(
  { client, force, signal }: Operation,
  inputs: JsonObject,
  fieldManager: string,
  preview: boolean,
): Promise<JsonObject> {
  const path = await client.path(inputs);
  const live = await client.call("GET", path, { signal });
  const adopted = preview ? undefined : adoptFields(live, fieldManager);
  if (adopted !== undefined) {
    await client.call("PATCH", path, {
      contentType: "application/json-patch+json",
      body: [{ op: "replace", path: "/metadata/managedFields", value: adopted }],
      signal,
    });
  }
  // In a preview the fields still belong to their former owner: without force each would be a conflict.
  try {
    return await client.call("PATCH", path, {
      query: {
        fieldManager,
        force: String(preview || isForced(inputs, force)),
        dryRun: preview ? "All" : undefined,
        fieldValidation: "Warn",
      },
      contentType: "application/apply-patch+yaml",
      body: inputs,
      signal,
    });
  } catch (error) {
    throw describeConflict(error, fieldManager);
  }
}

/** Whether fields are taken over: the resource's annotation says so, or else the provider's configuration. */
export function isForced(inputs: JsonObject, force: boolean): boolean {
  return (annotationOf(inputs, "pulumi.com/patchForce") || String(force)) === "true";
}

/** The error of fields that another program owns, with what to do about it. */
export function describeConflict(error: unknown, manager: string): unknown {
  if (!(error instanceof ApiError) || error.reason !== "Conflict") {
    return error;
  }
  return new ApiError(
    `Server-Side Apply field conflict detected: another program owns fields that this one sets. Leave them to it, or set the annotation pulumi.com/patchForce to "true".\nThe resource managed by field manager "${manager}" had an apply conflict: ${error.message}`,
    error.code,
    error.status,
  );
}
