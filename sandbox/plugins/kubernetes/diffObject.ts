import { isMap } from "../properties";
import type { JsonObject, PropertyMap } from "../properties";
import type { DiffRequest, DiffResult } from "../provider";
import { fromProperties } from "./checkpoint";
import { compare } from "./diff";
import { isIgnored } from "./ignoreChanges";
import { normalize } from "./inputs";
import { annotationOf, AUTONAMED, isNamespaced, namespaceOf, nameOf, withMetadata } from "./object";
import { prune } from "./prune";
import { replacingPaths } from "./replacement";
import type { Mutability } from "./replacement";

/** Compares wanted inputs with the state, and decides if the object can change in place. */
export function diffObject(request: DiffRequest, mutable: Mutability): DiffResult {
  const { live, inputs } = fromProperties(request.olds);
  const oldInputs = normalize(inputs) as JsonObject;
  const news = withScope(normalize(request.news));
  const before = withScope(prune(live, oldInputs)) as JsonObject;
  const base = withMetadata(before, { name: nameOf(live) });
  const compared = compare(base, oldInputs, news, replacingPaths(base, mutable));
  const detailed = new Map(
    [...compared].filter(([property]) => !isIgnored(property, request.ignoreChanges)),
  );
  const replaced = [...detailed.values()].some(({ kind }) => kind.endsWith("_REPLACE"));
  return { detailed, deleteBeforeReplace: replaced && keepsName(live, news) };
}

/** Whether a user's own name stays the same: two objects can't have it at the same time. */
function keepsName(live: JsonObject, news: PropertyMap): boolean {
  const now = news as JsonObject;
  return (
    annotationOf(now, AUTONAMED) !== "true" &&
    nameOf(now) === nameOf(live) &&
    namespaceOf(now) === namespaceOf(live)
  );
}

/** Adds `default` to an object of a namespaced kind without namespace, and removes the namespace of other kinds. */
function withScope(object: PropertyMap): PropertyMap {
  const metadata = object.metadata ?? {};
  if (!isMap(metadata)) {
    return object;
  }
  const { namespace, ...rest } = metadata;
  return isNamespaced(object as JsonObject)
    ? { ...object, metadata: { ...rest, namespace: namespace ?? "default" } }
    : { ...object, metadata: rest };
}
