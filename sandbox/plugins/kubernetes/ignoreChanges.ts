import { at, listAt } from "../json";
import { isObject } from "../properties";
import type { JsonObject } from "../properties";

type Path = readonly string[];

/**
 * Whether a changed property, such as `spec.replicas`, is in the option `ignoreChanges`, or is below a property that
 * is.
 */
export function isIgnored(property: string, ignoreChanges: readonly string[]): boolean {
  const path = parsePath(property);
  return ignoreChanges.map(parsePath).some((ignored) => ignored.every((key, i) => key === path[i]));
}

/**
 * Returns the inputs without changes of ignored fields. A field that only other managers own is left out, so that it
 * stays theirs; any other keeps its live value. Like the official plugin, this ignores paths into lists.
 */
export function withoutIgnored(
  inputs: JsonObject,
  live: JsonObject,
  fieldManager: string,
  ignoreChanges: readonly string[],
): JsonObject {
  const owners = listAt(live, "metadata", "managedFields");
  const [own, others] = [true, false].map((wanted) =>
    owners.filter((entry) => (entry.manager === fieldManager) === wanted),
  );
  return ignoreChanges.map(parsePath).reduce((result, path) => {
    const value = at(live, ...path);
    if (others.some((entry) => owns(entry, path)) && !own.some((entry) => owns(entry, path))) {
      return replace(result, path, undefined);
    }
    return value === undefined ? result : replace(result, path, value);
  }, inputs);
}

/** Splits a property path into keys: `metadata.annotations["a.b"]` has three. */
function parsePath(property: string): string[] {
  return [...property.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted?.replaceAll('\\"', '"') ?? index ?? name,
  );
}

function owns(entry: JsonObject, path: Path): boolean {
  return at(entry.fieldsV1, ...path.map((key) => `f:${key}`)) !== undefined;
}

function replace(object: JsonObject, [key, ...rest]: Path, value: unknown): JsonObject {
  const { [key]: inner, ...others } = object;
  if (rest.length === 0) {
    return value === undefined ? others : { ...others, [key]: value as JsonObject };
  }
  return isObject(inner) ? { ...others, [key]: replace(inner, rest, value) } : object;
}
