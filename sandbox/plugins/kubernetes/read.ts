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

/** Reads an object as the cluster has it; `undefined` where it has it no longer, or knows no such kind any more. */
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

/** Reads an object that the state knows: its inputs are the fields it was made with, as they now are. */
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

/** Reads an object that no state knows yet: its inputs are what the cluster has, without what only the server sets. */
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
