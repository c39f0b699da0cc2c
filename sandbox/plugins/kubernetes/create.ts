import { setTimeout as sleep } from "node:timers/promises";

import { describeCause } from "../cause";
import type { JsonObject } from "../properties";
import { ApiError, isNotFound, UnknownKindError } from "./client";
import { kindOf, nameOf } from "./object";
import { clearStatus } from "./operation";
import type { Operation } from "./operation";

/** Manager of a new object's fields, until the first change gives them to the resource's own manager. */
const CREATING_MANAGER = "pulumi-kubernetes";
const RETRIES = 5;
const FIRST_RETRY_MS = 1000;

/** Options for creating an object. */
export interface CreateOptions {
  readonly preview: boolean;

  /** Field manager that takes over an existing object; without it, an existing object is an error. */
  readonly upsertAs?: string;
}

/**
 * Creates an object. If its namespace or kind is missing, tries again for a while, because they may be about to be
 * created.
 */
export async function createObject(
  operation: Operation,
  inputs: JsonObject,
  options: CreateOptions,
): Promise<JsonObject> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const created = await send(operation, inputs, options);
      clearStatus(operation);
      return created;
    } catch (error) {
      if (options.preview && isMissingNamespace(error)) {
        throw error;
      }
      const { engine, urn, signal } = operation;
      const retry = `Retry #${String(attempt)}; creation failed: ${describeCause(error)}`;
      engine.status("info", urn, retry);
      const passing = isNotFound(error) || error instanceof UnknownKindError;
      if (!passing || options.preview || attempt === RETRIES) {
        throw error;
      }
      await sleep(FIRST_RETRY_MS * 2 ** attempt, undefined, { signal });
    }
  }
}

/**
 * Whether a preview should ignore that a dry run failed: the same preview may create what is missing or delete what is
 * in the way, or only the dry run lacks a permission.
 */
export function isInconclusive(error: unknown): boolean {
  return (
    isDenied(error) ||
    isMissingNamespace(error) ||
    (error instanceof ApiError && error.reason === "AlreadyExists")
  );
}

/** Whether a dry run was not possible: there is no permission, or the API server doesn't know the kind yet. */
export function isDenied(error: unknown): boolean {
  return error instanceof UnknownKindError || (error instanceof ApiError && error.code === 403);
}

/** Creates the error for an object that was not created, with the remedy if it exists already. */
export function describeCreateFailure(urn: string, inputs: JsonObject, error: unknown): Error {
  const cause = describeCause(error);
  if (error instanceof UnknownKindError) {
    const { group, version, kind } = kindOf(inputs);
    const name = [group, version, kind].filter(Boolean).join("/");
    return new Error(
      `creation of resource "${urn}" with kind ${name} failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${cause}`,
      { cause: error },
    );
  }
  const advice =
    error instanceof ApiError && error.reason === "AlreadyExists" ? ALREADY_EXISTS_ADVICE : "";
  return new Error(
    `resource "${urn}" was not successfully created by the Kubernetes API server: ${cause}${advice}`,
    { cause: error },
  );
}

/** The official plugin's text, which the recordings require. */
const ALREADY_EXISTS_ADVICE = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

async function send(
  { client, signal }: Operation,
  inputs: JsonObject,
  { preview, upsertAs }: CreateOptions,
): Promise<JsonObject> {
  const query = { dryRun: preview ? "All" : undefined, fieldValidation: "Warn" };
  if (upsertAs !== undefined) {
    return client.call("PATCH", await client.path(inputs, nameOf(inputs)), {
      query: { ...query, fieldManager: upsertAs, force: "false" },
      contentType: "application/apply-patch+yaml",
      body: inputs,
      signal,
    });
  }
  return client.call("POST", await client.collectionPath(inputs), {
    query: { ...query, fieldManager: CREATING_MANAGER },
    body: inputs,
    signal,
  });
}

function isMissingNamespace(error: unknown): boolean {
  return isNotFound(error) && error instanceof ApiError && error.subject === "namespaces";
}
