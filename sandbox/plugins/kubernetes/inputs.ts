import { createHash } from "node:crypto";

import { textAt } from "../json";
import { hasSecret, hasUnknown, isMap, omit, Secret, toJson, unwrapMap } from "../properties";
import type { Json, JsonObject, PropertyMap, PropertyValue } from "../properties";
import type { CheckRequest } from "../provider";
import { annotationOf, AUTONAMED, isNamespaced, isSecretKind, nameOf } from "./object";
import { isEmpty } from "./prune";

/** Metadata fields that only the API server sets. */
const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * Returns an object's inputs without secret marks, in the API server's form, so that two notations of the same value
 * don't differ. Objects with unknown values don't change, since that form can't be computed yet.
 */
export function normalize(inputs: PropertyMap): PropertyMap {
  const plain = unwrapMap(inputs);
  const { metadata } = plain;
  const result = isMap(metadata)
    ? { ...plain, metadata: omit(metadata, SERVER_METADATA) }
    : { ...plain };
  if (hasUnknown(result)) {
    return result;
  }
  const json = dropEmptyLists(toJson(result)) as JsonObject;
  return isSecretKind(json) ? encodeStringData(json) : json;
}

/** Returns the inputs of a new or changed object: normalized, with name and namespace, and secret where they were. */
export function checkInputs(request: CheckRequest, defaultNamespace: string): PropertyMap {
  const named = assignName(normalize(request.news), request);
  return markSecrets(assignNamespace(named, defaultNamespace), request.news);
}

/** Marks as secret all values that are secret in `like`, and all data of a Secret. */
export function markSecrets(map: PropertyMap, like: PropertyMap): PropertyMap {
  const marked = markLike(map, like) as PropertyMap;
  if (map.kind !== "Secret" || map.apiVersion !== "v1") {
    return marked;
  }
  for (const key of ["data", "stringData"]) {
    const value = marked[key];
    if (value !== undefined && !(value instanceof Secret)) {
      marked[key] = new Secret(unwrapMap({ value }).value ?? null);
    }
  }
  return marked;
}

function markLike(value: PropertyValue, like: PropertyValue | undefined): PropertyValue {
  if (like instanceof Secret) {
    return new Secret(value);
  }
  if (isMap(value) && isMap(like)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, markLike(item, like[key])]),
    );
  }
  if (Array.isArray(value) && Array.isArray(like)) {
    // Elements can't be matched by name, so one secret element makes the whole list secret.
    const marked = value.map((item, index) => markLike(item, like[index]));
    return marked.some(hasSecret) ? new Secret(value) : marked;
  }
  return value;
}

function assignName(inputs: PropertyMap, request: CheckRequest): PropertyMap {
  const metadata = inputs.metadata ?? {};
  if (!isMap(metadata) || (metadata.name !== undefined && metadata.name !== "")) {
    return inputs;
  }
  const annotations = metadata.annotations ?? {};
  if (!isMap(annotations)) {
    return inputs;
  }
  return {
    ...inputs,
    metadata: {
      ...metadata,
      name: automaticName(request),
      annotations: { ...annotations, [AUTONAMED]: "true" },
    },
  };
}

/** Returns the object's earlier name, or a new one, which depends only on the resource and the engine's seed. */
function automaticName({ name, olds, randomSeed, autonaming }: CheckRequest): string {
  const old = unwrapMap(olds) as JsonObject;
  if (annotationOf(old, AUTONAMED) === "true" && nameOf(old) !== "") {
    return nameOf(old);
  }
  if (autonaming?.disabled === true) {
    throw new Error(
      "`metadata.name` is missing, and this stack turned automatic names off. Set it.",
    );
  }
  const suffix = createHash("sha256").update(randomSeed).digest("hex").slice(0, 8);
  return (autonaming?.proposedName ?? "") === ""
    ? `${name}-${suffix}`
    : (autonaming?.proposedName ?? "");
}

function assignNamespace(inputs: PropertyMap, defaultNamespace: string): PropertyMap {
  const { metadata } = inputs;
  if (!isMap(metadata) || !isNamespaced(inputs as JsonObject)) {
    return inputs;
  }
  const namespace = metadata.namespace ?? "";
  return namespace === ""
    ? { ...inputs, metadata: { ...metadata, namespace: defaultNamespace } }
    : inputs;
}

/** Does what the API server does with `stringData`: moves its values to `data`, encoded as base64. */
function encodeStringData({ stringData, ...secret }: JsonObject): JsonObject {
  if (stringData === undefined) {
    return secret;
  }
  const encoded = Object.keys(stringData ?? {}).map((key) => [
    key,
    Buffer.from(textAt(stringData, key)).toString("base64"),
  ]);
  const data = isMap(secret.data) ? secret.data : {};
  return { ...secret, data: { ...data, ...(Object.fromEntries(encoded) as JsonObject) } };
}

/** Removes empty lists, because the API server leaves them out and treats them like missing ones. */
function dropEmptyLists(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(dropEmptyLists);
  }
  if (!isMap(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !(Array.isArray(item) && isEmpty(item)))
      .map(([key, item]) => [key, dropEmptyLists(item)]),
  );
}
