import { isObject } from "./properties";
import type { Json, JsonObject } from "./properties";

/** The value at a path of keys, if each step is an object. */
export function at(object: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) => (isObject(value) ? value[key] : undefined),
    object,
  );
}

/** The object at a path; empty where there is none. */
export function objectAt(object: Json | undefined, ...path: string[]): JsonObject {
  const value = at(object, ...path);
  return isObject(value) ? value : {};
}

/** The list of objects at a path; empty where there is none. */
export function listAt(object: Json | undefined, ...path: string[]): JsonObject[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The string at a path; empty where there is none. */
export function textAt(object: Json | undefined, ...path: string[]): string {
  const value = at(object, ...path);
  return typeof value === "string" ? value : "";
}

/** The number at a path, if there is one. */
export function numberAt(object: Json | undefined, ...path: string[]): number | undefined {
  const value = at(object, ...path);
  return typeof value === "number" ? value : undefined;
}
