import { isObject } from "../properties";
import type { Json, JsonObject } from "../properties";

/**
 * Reduces a live object to the fields of its inputs, `shape`, because the cluster adds many fields that no program
 * sets.
 */
export function prune(live: JsonObject, shape: JsonObject): JsonObject {
  const pruned: JsonObject = {};
  for (const [key, value] of Object.entries(live)) {
    const wanted = shape[key];
    if (wanted === undefined) {
      continue;
    }
    const part = pruneValue(value, wanted);
    if (!isEmpty(part) || isEmpty(wanted)) {
      pruned[key] = part;
    }
  }
  return pruned;
}

function pruneValue(live: Json, shape: Json): Json {
  if (isObject(live) && isObject(shape)) {
    return prune(live, shape);
  }
  if (Array.isArray(live) && Array.isArray(shape)) {
    return shape
      .slice(0, live.length)
      .map((wanted, index) => pruneValue(live[index] ?? null, wanted));
  }
  return live;
}

/** Whether the value is an empty object or list. */
export function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
