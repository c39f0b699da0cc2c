import { isObject } from "./properties";
import type { Json, JsonObject } from "./properties";

/** Returns the value at a path of keys; `undefined` if a step is not an object. */
export function at(object: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) => (isObject(value) ? value[key] : undefined),
    object,
  );
}

/** Returns the object at a path; empty if there is none. */
export function objectAt(object: Json | undefined, ...path: string[]): JsonObject {
  const value = at(object, ...path);
  return isObject(value) ? value : {};
}

/** Returns the list of objects at a path; empty if there is none. */
export function listAt(object: Json | undefined, ...path: string[]): JsonObject[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Returns the string at a path; empty if there is none. */
export function textAt(object: Json | undefined, ...path: string[]): string {
  const value = at(object, ...path);
  return typeof value === "string" ? value : "";
}

/** Returns the number at a path; `undefined` if there is none. */
export function numberAt(object: Json | undefined, ...path: string[]): number | undefined {
  const value = at(object, ...path);
  return typeof value === "number" ? value : undefined;
}
