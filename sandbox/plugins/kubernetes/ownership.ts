import { listAt, textAt } from "../json";
import { isObject } from "../properties";
import type { JsonObject } from "../properties";

/** Field managers of all versions of this plugin for objects that were created without server-side apply. */
const CREATING_MANAGERS = [
  "pulumi-kubernetes",
  "pulumi-kubernetes.exe",
  "pulumi-resource-kubernetes",
];

/** Field managers before the first apply: the above, and those of `kubectl apply`. */
const FORMER_MANAGERS = [...CREATING_MANAGERS, "kubectl", "before-first-apply"];

/** Whether an entry of `managedFields` comes from a creation by this plugin. */
export function isCreation(entry: JsonObject): boolean {
  return entry.operation === "Update" && CREATING_MANAGERS.includes(textAt(entry, "manager"));
}

/**
 * Returns the owners of the fields after a resource's own manager has taken over an object that was created without
 * apply. Otherwise the old owner would keep fields that the program removes later. `undefined` if there is nothing to
 * take over.
 */
export function adoptFields(live: JsonObject, manager: string): JsonObject[] | undefined {
  const entries = listAt(live, "metadata", "managedFields");
  const former = entries.filter(isFormer);
  if (former.length === 0) {
    return undefined;
  }
  const own = entries.find((entry) => entry.manager === manager && entry.operation === "Apply");
  const [first] = former;
  const fields = [...(own === undefined ? [] : [own]), ...former]
    .map((entry) => (isObject(entry.fieldsV1) ? entry.fieldsV1 : {}))
    .reduce(mergeFields, {});
  const adopted = { ...first, ...own, manager, operation: "Apply", fieldsV1: fields };
  return [adopted, ...entries.filter((entry) => !isFormer(entry) && entry !== own)];
}

function isFormer(entry: JsonObject): boolean {
  return (
    FORMER_MANAGERS.includes(textAt(entry, "manager")) &&
    entry.subresource === undefined &&
    (entry.operation === "Update" || entry.manager === "kubectl")
  );
}

function mergeFields(a: JsonObject, b: JsonObject): JsonObject {
  const merged: JsonObject = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const present = merged[key];
    merged[key] = isObject(present) && isObject(value) ? mergeFields(present, value) : value;
  }
  return merged;
}
