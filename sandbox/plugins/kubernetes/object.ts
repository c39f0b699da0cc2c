import { isObject } from "../properties";
import type { Json, JsonObject } from "../properties";

/** Marks an object whose name the plugin chose. */
export const AUTONAMED = "pulumi.com/autonamed";

/** What kind of object it is. */
export interface GroupVersionKind {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

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

/** `metadata.name`. */
export function nameOf(object: JsonObject): string {
  return textAt(object, "metadata", "name");
}

/** `metadata.namespace`. */
export function namespaceOf(object: JsonObject): string {
  return textAt(object, "metadata", "namespace");
}

/** An annotation's value; empty where it is not set. */
export function annotationOf(object: JsonObject, key: string): string {
  return textAt(object, "metadata", "annotations", key);
}

/** Group, version and kind that the object names. */
export function kindOf(object: JsonObject): GroupVersionKind {
  const [version = "", group = ""] = textAt(object, "apiVersion").split("/").reverse();
  return { group: group === "core" ? "" : group, version, kind: textAt(object, "kind") };
}

/** Whether the object is a core Secret. */
export function isSecretKind(object: JsonObject): boolean {
  return textAt(object, "apiVersion") === "v1" && textAt(object, "kind") === "Secret";
}

/** The id the resource has in the state: `namespace/name`, or the name alone. */
export function idOf(object: JsonObject): string {
  return [namespaceOf(object), nameOf(object)].filter(Boolean).join("/");
}

/** Namespace and name of an id. */
export function parseId(id: string): { namespace: string; name: string } {
  const [name = "", namespace = ""] = id.split("/").reverse();
  return { namespace, name };
}

/** A copy with the metadata changed. */
export function withMetadata(object: JsonObject, metadata: JsonObject): JsonObject {
  return { ...object, metadata: { ...objectAt(object, "metadata"), ...metadata } };
}

/** Built-in kinds that live in no namespace. */
const CLUSTER_KINDS = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "FlowSchema",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
]);

/** Whether objects of a built-in kind live in a namespace. Checks and diffs need it without a cluster. */
export function isNamespaced(object: JsonObject): boolean {
  return !CLUSTER_KINDS.has(textAt(object, "kind"));
}
