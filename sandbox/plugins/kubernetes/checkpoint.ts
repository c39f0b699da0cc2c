import { textAt } from "../json";
import { isMap, unwrapMap } from "../properties";
import type { JsonObject, PropertyMap } from "../properties";
import { markSecrets } from "./inputs";

const INPUTS = "__inputs";
const INITIAL_API_VERSION = "__initialApiVersion";
const FIELD_MANAGER = "__fieldManager";

/** The state of an object, with additional information. */
export interface Checkpoint {
  readonly live: JsonObject;
  readonly inputs: JsonObject;

  /** API version that the object was created with. */
  readonly initialApiVersion: string;

  /** Field manager of this resource, and of no other. */
  readonly fieldManager: string;
}

/** Converts a checkpoint into properties for the engine, which are secret if the inputs were. */
export function toProperties(checkpoint: Checkpoint, from: PropertyMap): PropertyMap {
  return {
    ...markSecrets(checkpoint.live, from),
    [INPUTS]: markSecrets(checkpoint.inputs, from),
    [INITIAL_API_VERSION]: checkpoint.initialApiVersion,
    [FIELD_MANAGER]: checkpoint.fieldManager,
  };
}

/** Reads a checkpoint from the engine's properties. */
export function fromProperties(properties: PropertyMap): Checkpoint {
  const {
    [INPUTS]: inputs,
    [INITIAL_API_VERSION]: apiVersion,
    [FIELD_MANAGER]: manager,
    ...live
  } = unwrapMap(properties);
  return {
    live: live as JsonObject,
    inputs: (isMap(inputs) ? inputs : {}) as JsonObject,
    initialApiVersion:
      typeof apiVersion === "string" ? apiVersion : textAt(live as JsonObject, "apiVersion"),
    fieldManager: typeof manager === "string" ? manager : "",
  };
}
