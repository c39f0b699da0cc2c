import type { JsonObject, PropertyMap } from "../properties";
import { InitializationError } from "../provider";
import { toProperties } from "./checkpoint";
import type { Checkpoint } from "./checkpoint";
import { idOf } from "./object";
import { awaitReady, NotReadyError } from "./operation";
import type { Operation } from "./operation";

/**
 * Waits for an object that was created or changed, and then reads it. If it isn't ready, the state keeps it, with the
 * reasons.
 */
export async function finish(
  operation: Operation,
  object: JsonObject,
  checkpoint: Omit<Checkpoint, "live">,
  from: PropertyMap,
  describe: (cause: string) => string,
): Promise<JsonObject> {
  const { client } = operation;
  // Without the operation's signal, because the object is read even after a cancellation.
  const reread = async () => client.call("GET", await client.path(object)).catch(() => object);
  try {
    await awaitReady(operation, object, checkpoint.inputs);
  } catch (error) {
    if (!(error instanceof NotReadyError)) {
      throw error;
    }
    const properties = toProperties({ ...checkpoint, live: await reread() }, from);
    const resource = { id: idOf(object), properties };
    throw new InitializationError(describe(error.message), resource, error.problems);
  }
  return reread();
}
