/**
 * Property values in the engine's gRPC format: JSON in which marked objects are secrets, and reserved strings are
 * values that a preview does not know yet.
 */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";

/** The reserved string for an unknown string; there are others for unknown values of other types. */
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_STRINGS = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A value that must be encrypted in the state and masked wherever it is shown. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

/** A value that will be known only during the update. */
export class Unknown {
  readonly unknown = true;
}

/** The only instance of {@link Unknown}. */
export const UNKNOWN = new Unknown();

/** A value of a resource's property. */
export type PropertyValue =
  null | boolean | number | string | Secret | Unknown | PropertyValue[] | PropertyMap;

/** The properties of a resource. */
export interface PropertyMap {
  [key: string]: PropertyValue;
}

/** A value without secrets and unknowns, as an API uses it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** Whether the value is a plain map: neither an array nor a secret or unknown value. */
export function isMap(value: unknown): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

/** Whether the JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Decodes a property from the gRPC format. */
export function decode(wire: Json): PropertyValue {
  if (typeof wire === "string") {
    return UNKNOWN_STRINGS.has(wire) ? UNKNOWN : wire;
  }
  if (Array.isArray(wire)) {
    return wire.map(decode);
  }
  if (!isObject(wire)) {
    return wire;
  }
  const signature = wire[SIGNATURE];
  if (signature === SECRET_SIGNATURE) {
    return new Secret(decode(wire.value ?? null));
  }
  if (signature === OUTPUT_SIGNATURE) {
    const value = wire.value === undefined ? UNKNOWN : decode(wire.value);
    return wire.secret === true ? new Secret(value) : value;
  }
  if (signature === RESOURCE_SIGNATURE) {
    return typeof wire.id === "string" ? decode(wire.id) : (wire.urn ?? null);
  }
  return decodeMap(wire);
}

/** Decodes a map of properties from the gRPC format. Like the engine, drops nulls. */
export function decodeMap(wire: JsonObject): PropertyMap {
  return Object.fromEntries(
    Object.entries(wire)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, decode(value)]),
  );
}

/** Encodes a property in the gRPC format. */
export function encode(value: PropertyValue): Json {
  if (value instanceof Secret) {
    return { [SIGNATURE]: SECRET_SIGNATURE, value: encode(value.value) };
  }
  if (value instanceof Unknown) {
    return UNKNOWN_STRING;
  }
  if (Array.isArray(value)) {
    return value.map(encode);
  }
  return isMap(value) ? encodeMap(value) : value;
}

/** Encodes a map of properties in the gRPC format. */
export function encodeMap(map: PropertyMap): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, encode(value)]));
}

/** Returns the value without its secret marks; unknown values stay. */
function unwrapSecrets(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) {
    return unwrapSecrets(value.value);
  }
  if (Array.isArray(value)) {
    return value.map(unwrapSecrets);
  }
  return isMap(value) ? unwrapMap(value) : value;
}

/** Returns the map without its secret marks; unknown values stay. */
export function unwrapMap(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, unwrapSecrets(value)]));
}

/** Returns the map without some of its keys. */
export function omit<Value>(
  map: Record<string, Value>,
  keys: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** Whether anything in the value is unknown. */
export function hasUnknown(value: PropertyValue): boolean {
  if (value instanceof Secret) {
    return hasUnknown(value.value);
  }
  return (
    value instanceof Unknown ||
    (Array.isArray(value) && value.some(hasUnknown)) ||
    (isMap(value) && Object.values(value).some(hasUnknown))
  );
}

/** Whether anything in the value is secret. */
export function hasSecret(value: PropertyValue): boolean {
  return (
    value instanceof Secret ||
    (Array.isArray(value) && value.some(hasSecret)) ||
    (isMap(value) && Object.values(value).some(hasSecret))
  );
}

/** Asserts that a map holds neither secrets nor unknowns, which makes it JSON. */
export function toJson(map: PropertyMap): JsonObject {
  if (hasUnknown(map) || hasSecret(map)) {
    throw new Error("A secret or an unknown value reached a place that takes plain values only.");
  }
  return map as JsonObject;
}
