import { objectAt, textAt } from "../json";
import type { JsonObject } from "../properties";

/** Annotation of an object whose name the plugin chose. */
export const AUTONAMED = "pulumi.com/autonamed";

/** The type of an object. */
export interface GroupVersionKind {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `metadata.name`. */
export function nameOf(object: JsonObject): string {
  return textAt(object, "metadata", "name");
}

/** `metadata.namespace`. */
export function namespaceOf(object: JsonObject): string {
  return textAt(object, "metadata", "namespace");
}

/** An annotation's value; empty if it is not set. */
export function annotationOf(object: JsonObject, key: string): string {
  return textAt(object, "metadata", "annotations", key);
}

/** Group, version and kind of the object. */
export function kindOf(object: JsonObject): GroupVersionKind {
  const [version = "", group = ""] = textAt(object, "apiVersion").split("/").reverse();
  return { group: group === "core" ? "" : group, version, kind: textAt(object, "kind") };
}

/** Whether the object is a core Secret. */
export function isSecretKind(object: JsonObject): boolean {
  return textAt(object, "apiVersion") === "v1" && textAt(object, "kind") === "Secret";
}

/** Id of the resource in the state: `namespace/name`, or the name alone. */
export function idOf(object: JsonObject): string {
  return [namespaceOf(object), nameOf(object)].filter(Boolean).join("/");
}

/** Splits an id into namespace and name. */
export function parseId(id: string): { namespace: string; name: string } {
  const [name = "", namespace = ""] = id.split("/").reverse();
  return { namespace, name };
}

/** Returns a copy with changed metadata. */
export function withMetadata(object: JsonObject, metadata: JsonObject): JsonObject {
  return { ...object, metadata: { ...objectAt(object, "metadata"), ...metadata } };
}

/** Built-in kinds without a namespace. */
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

/** Whether objects of a built-in kind have a namespace. Checks and diffs need this without a cluster. */
export function isNamespaced(object: JsonObject): boolean {
  return !CLUSTER_KINDS.has(textAt(object, "kind"));
}
