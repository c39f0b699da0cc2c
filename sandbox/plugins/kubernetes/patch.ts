import type { JsonObject } from "../properties";
import { isNotFound } from "./client";
import { nameOf, namespaceOf } from "./object";
import type { Operation } from "./operation";
import { describeConflict, isForced } from "./update";

/** Whether a resource sets only some fields of an object that exists already, such as a `ServiceAccountPatch`. */
export function isPatch(type: string): boolean {
  return type.endsWith("Patch");
}

/**
 * Sets fields of an object by server-side apply, with the patch's own field manager. Creates the object if it is
 * missing, as the official plugin does.
 */
export async function applyPatch(
  { client, force, signal }: Operation,
  body: JsonObject,
  fieldManager: string,
): Promise<JsonObject> {
  try {
    return await client.call("PATCH", await client.path(body), {
      query: { fieldManager, force: String(isForced(body, force)), fieldValidation: "Warn" },
      contentType: "application/apply-patch+yaml",
      body,
      signal,
    });
  } catch (error) {
    throw describeConflict(error, fieldManager);
  }
}

/** Gives up the fields: removes those without another owner, and keeps the object. */
export async function revertPatch(
  operation: Operation,
  object: JsonObject,
  fieldManager: string,
): Promise<void> {
  const { apiVersion, kind } = object;
  const namespace = namespaceOf(object);
  const metadata = { name: nameOf(object), ...(namespace !== "" && { namespace }) };
  const nothing: JsonObject = { apiVersion: apiVersion ?? "", kind: kind ?? "", metadata };
  const { client, signal } = operation;
  try {
    await client.call("GET", await client.path(nothing), { signal });
    await applyPatch(operation, nothing, fieldManager);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}
