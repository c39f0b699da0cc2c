import { textAt } from "../json";
import { isMap, unwrapMap } from "../properties";
import type { JsonObject, PropertyMap } from "../properties";
import { markSecrets } from "./inputs";

const INPUTS = "__inputs";
const INITIAL_API_VERSION = "__initialApiVersion";
const FIELD_MANAGER = "__fieldManager";

/** What the state of an object remembers beside the object. */
export interface Checkpoint {
  readonly live: JsonObject;
  readonly inputs: JsonObject;

  /** Version the object was created with. */
  readonly initialApiVersion: string;

  /** Name under which this resource, and no other, owns the object's fields. */
  readonly fieldManager: string;
}

/** A checkpoint as the properties the engine keeps, secret where the inputs it came from were. */
export function toProperties(checkpoint: Checkpoint, from: PropertyMap): PropertyMap {
  return {
    ...markSecrets(checkpoint.live, from),
    [INPUTS]: markSecrets(checkpoint.inputs, from),
    [INITIAL_API_VERSION]: checkpoint.initialApiVersion,
    [FIELD_MANAGER]: checkpoint.fieldManager,
  };
}

/** Reads the properties the engine kept. */
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
