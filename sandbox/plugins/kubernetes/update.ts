import { listAt } from "../json";
import type { JsonObject } from "../properties";
import { ApiError } from "./client";
import type { Client } from "./client";
import { withoutIgnored } from "./ignoreChanges";
import { annotationOf } from "./object";
import type { Operation } from "./operation";
import { adoptFields, isCreation } from "./ownership";

/** How an object is changed. */
export interface UpdateOptions {
  readonly fieldManager: string;
  readonly preview: boolean;

  /** Whether the resource is some fields of an object that somebody else owns. */
  readonly isPatch: boolean;

  /** Paths of the resource option of this name. */
  readonly ignoreChanges: readonly string[];
}

/** Changes an object by server-side apply; a preview asks the server what the change would give. */
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

/** Gives the fields of former owners to the resource's own manager; returns the object as it then is. */
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
 * Whether an object's fields need no asking for: it is older than their owners' record; or, in a preview, which takes
 * nothing over first, this plugin created it and still owns its fields under the creation's name.
 */
function isFormer(live: JsonObject, preview: boolean): boolean {
  const owners = listAt(live, "metadata", "managedFields");
  return owners.length === 0 || (preview && owners.some(isCreation));
}

/** Whether the resource's annotation, or else the provider's configuration, takes fields from other programs. */
export function isForced(inputs: JsonObject, force: boolean): boolean {
  return force || annotationOf(inputs, "pulumi.com/patchForce") === "true";
}

/** The official plugin's words for fields that another program owns; any other error is returned as it is. */
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
