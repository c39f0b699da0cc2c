import { UnknownValueError } from "@pulumi/policy";

/** Takes the place of a value that only the update will know. */
export const unknownValue = Symbol("unknown");

/** A property of a resource, or a part of it. */
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | typeof unknownValue
  | readonly Value[]
  | { readonly [key: string]: Value };

/**
 * Copies the properties of a resource, with {@link unknownValue} in place of what a preview does not know.
 *
 * Pulumi stops a policy at the first unknown value that it reads, and prints that it can't run. Then a preview after
 * an edit, whose digest is unknown, would check nothing else of the Deployment.
 */
export function copyProperties(properties: unknown): Value {
  if (Array.isArray(properties)) {
    return Array.from(properties.keys(), (index) => copyProperty(properties, index));
  }
  if (typeof properties === "object" && properties !== null) {
    return Object.fromEntries(
      Object.keys(properties).map((key) => [key, copyProperty(properties, key)]),
    );
  }
  return properties as Value;
}

function copyProperty(parent: object, key: string | number): Value {
  let property: unknown;
  try {
    property = (parent as Record<string | number, unknown>)[key];
  } catch (error) {
    if (error instanceof UnknownValueError) return unknownValue;
    throw error;
  }
  return copyProperties(property);
}

/** Returns a part of a value; undefined if it is missing, and unknown if anything on the way to it is. */
export function readPath(value: Value, ...path: readonly string[]): Value {
  let part: Value = value;
  for (const key of path) {
    if (part === unknownValue) return unknownValue;
    part = isRecord(part) ? part[key] : undefined;
  }
  return part;
}

/** Returns the items of a list; none if it is missing or unknown. */
export function readList(value: Value, ...path: readonly string[]): readonly Value[] {
  const list = readPath(value, ...path);
  return Array.isArray(list) ? (list as readonly Value[]) : [];
}

/** Returns the entries of an object; none if it is missing or unknown. */
export function readEntries(value: Value, ...path: readonly string[]): [string, Value][] {
  const record = readPath(value, ...path);
  return isRecord(record) ? Object.entries(record) : [];
}

/** Returns a text; undefined if it is missing, unknown or not a text. */
export function readText(value: Value, ...path: readonly string[]): string | undefined {
  const text = readPath(value, ...path);
  return typeof text === "string" ? text : undefined;
}

function isRecord(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
