import { textAt } from "../json";
import { omit } from "../properties";
import type { JsonObject } from "../properties";
import { InitializationError } from "../provider";
import type { ReadRequest, ReadResult } from "../provider";
import { createAwaiter, skipsAwait } from "./await/select";
import { isReadyNow } from "./await/wait";
import { fromProperties, toProperties } from "./checkpoint";
import { isNotFound, UnknownKindError } from "./client";
import type { Client } from "./client";
import { markSecrets, normalize } from "./inputs";
import { parseId } from "./object";
import { clearStatus, createReport } from "./operation";
import type { Operation } from "./operation";
import { prune } from "./prune";

/** Reads an object from the cluster; `undefined` if the object, or its kind, no longer exists. */
export async function readObject(operation: Operation, request: ReadRequest): Promise<ReadResult> {
  const inputs = normalize(request.inputs) as JsonObject;
  const imported = textAt(inputs, "kind") === "";
  try {
    return await (imported
      ? readImported(operation.client, request)
      : readKnown(operation, request, inputs));
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKindError) {
      return undefined;
    }
    throw error;
  }
}

/** Reads an object that is in the state. Its inputs are the present values of the fields that it was created with. */
async function readKnown(
  operation: Operation,
  request: ReadRequest,
  oldInputs: JsonObject,
): Promise<ReadResult> {
  const { client } = operation;
  const { name } = parseId(request.id);
  const live = await client.call("GET", await client.path(oldInputs, name));
  const inputs = prune(live, oldInputs);
  const checkpoint = { ...fromProperties(request.properties), inputs, live };
  const result = {
    id: request.id,
    properties: toProperties(checkpoint, request.inputs),
    inputs: markSecrets(inputs, request.inputs),
  };
  const awaiter = skipsAwait(oldInputs) ? undefined : createAwaiter(live, createReport(operation));
  if (awaiter !== undefined && !(await isReadyNow(client, awaiter))) {
    const message = `Resource '${name}' was created but failed to initialize`;
    throw new InitializationError(message, result, awaiter.problems());
  }
  clearStatus(operation);
  return result;
}

/** Reads an object that is not in the state. Its inputs are all fields except those that only the server sets. */
async function readImported(client: Client, request: ReadRequest): Promise<ReadResult> {
  const [, apiVersion = "", kind = ""] = request.type.split(":");
  const { namespace, name } = parseId(request.id);
  const wanted = {
    apiVersion: apiVersion.replace(/^core\//, ""),
    kind,
    metadata: { name, namespace },
  };
  const live = await client.call("GET", await client.path(wanted));
  const inputs = normalize(omit(live, ["status"])) as JsonObject;
  const checkpoint = { live, inputs, initialApiVersion: wanted.apiVersion, fieldManager: "" };
  return {
    id: request.id,
    properties: toProperties(checkpoint, inputs),
    inputs: markSecrets(inputs, inputs),
  };
}
