import { at, textAt } from "../json";
import type { JsonObject } from "../properties";
import { chooseTimeout } from "./await/select";
import { isNotFound, UnknownKindError } from "./client";
import { follow } from "./follow";
import { annotationOf, idOf, kindOf, nameOf } from "./object";
import { clearStatus, createReport } from "./operation";
import type { Operation } from "./operation";

const DELETE_SECONDS = 300;
const DEPLOYMENT_DELETE_SECONDS = 600;

/** Deletes an object, its dependents first, and waits until it is gone. A missing object is not an error. */
export async function deleteObject(operation: Operation, object: JsonObject): Promise<void> {
  const { client, signal } = operation;
  const propagationPolicy =
    annotationOf(object, "pulumi.com/deletionPropagationPolicy") || "Foreground";
  try {
    const path = await client.path(object);
    await client.call("DELETE", path, { body: { propagationPolicy }, signal });
    const live = await client.call("GET", path, { signal });
    await untilGone(operation, live);
  } catch (error) {
    if (!isNotFound(error) && !(error instanceof UnknownKindError)) {
      throw error;
    }
  }
  clearStatus(operation);
}

async function untilGone(operation: Operation, live: JsonObject): Promise<void> {
  const { client } = operation;
  const seconds = kindOf(live).kind === "Deployment" ? DEPLOYMENT_DELETE_SECONDS : DELETE_SECONDS;
  const timeout = AbortSignal.timeout(chooseTimeout(live, operation.timeout, seconds));
  const report = createReport(operation);
  const until = AbortSignal.any([operation.signal, timeout]);
  const collection = await client.collectionPath(live);
  const options = { fieldSelector: `metadata.name=${nameOf(live)}`, seen: [live] };
  for await (const { type, object } of follow(client, collection, until, options)) {
    const another = textAt(object, "metadata", "uid") !== textAt(live, "metadata", "uid");
    if (type === "DELETED" || another) {
      return;
    }
    report("info", "Resource scheduled for deletion");
  }
  const finalizers = at(live, "metadata", "finalizers");
  const cause = Array.isArray(finalizers)
    ? ` Finalizers might be preventing it: ${finalizers.map(String).join(", ")}.`
    : "";
  const end = timeout.aborted
    ? "was not gone in time"
    : "is being deleted, but the wait was cancelled";
  throw new Error(`${kindOf(live).kind} "${idOf(live)}" ${end}.${cause}`);
}
