import { listAt } from "../json";
import type { JsonObject } from "../properties";
import { ApiError } from "./client";
import type { Client } from "./client";
import { withoutIgnored } from "./ignoreChanges";
import { annotationOf } from "./object";
import type { Operation } from "./operation";
import { adoptFields, isCreation } from "./ownership";

/** Options for changing an object. */
export interface UpdateOptions {
  readonly fieldManager: string;
  readonly preview: boolean;

  /** Whether the resource sets only some fields of an object that has another owner. */
  readonly isPatch: boolean;

  /** Paths of the resource option of this name. */
  readonly ignoreChanges: readonly string[];
}

/** Changes an object by server-side apply; in a preview, as a dry run. */
export async function applyObject(
  { client, force, signal }: Operation,
  inputs: JsonObject,
  { fieldManager, preview, isPatch, ignoreChanges }: UpdateOptions,
): Promise<JsonObject> {
  const path = await client.path(inputs);
  const found = await client.call("GET", path, { signal });
  const live =
    preview || isPatch ? found : await takeOver(client, path, found, { fieldManager, signal });
  try {
    return await client.call("PATCH", path, {
      query: {
        fieldManager,
        force: String(isForced(inputs, force) || isFormer(live, preview)),
        dryRun: preview ? "All" : undefined,
        fieldValidation: "Warn",
      },
      contentType: "application/apply-patch+yaml",
      body: withoutIgnored(inputs, live, fieldManager, ignoreChanges),
      signal,
    });
  } catch (error) {
    throw describeConflict(error, fieldManager);
  }
}

/** Gives the fields of former owners to the resource's own manager, and returns the object after that. */
async function takeOver(
  client: Client,
  path: string,
  live: JsonObject,
  { fieldManager, signal }: { fieldManager: string; signal: AbortSignal },
): Promise<JsonObject> {
  const value = adoptFields(live, fieldManager);
  return value === undefined
    ? live
    : client.call("PATCH", path, {
        contentType: "application/json-patch+json",
        body: [{ op: "replace", path: "/metadata/managedFields", value }],
        signal,
      });
}

/**
 * Whether to take the fields without checking their owners: the object is older than the record of owners. In a
 * preview, which takes over nothing first, also if this plugin created the object and still owns its fields as its
 * creator.
 */
function isFormer(live: JsonObject, preview: boolean): boolean {
  const owners = listAt(live, "metadata", "managedFields");
  return owners.length === 0 || (preview && owners.some(isCreation));
}

/**
 * Whether to take fields from other programs: by the resource's annotation, or else by the provider's configuration.
 */
export function isForced(inputs: JsonObject, force: boolean): boolean {
  return force || annotationOf(inputs, "pulumi.com/patchForce") === "true";
}

/**
 * Adds the official plugin's text to the error about fields that another program owns; returns any other error as it
 * is.
 */
export function describeConflict(error: unknown, manager: string): unknown {
  if (!(error instanceof ApiError) || error.reason !== "Conflict") {
    return error;
  }
  return new ApiError(
    `server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help\nThe resource managed by field manager "${manager}" had an apply conflict: ${error.message}`,
    error.code,
    error.status,
  );
}
