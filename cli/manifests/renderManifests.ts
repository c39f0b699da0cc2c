import { Document } from "yaml";

import { secretText } from "../redact";

/** A Kubernetes object as a program registered it. */
export interface RegisteredObject {
  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Name in the program. */
  readonly name: string;
  /** Its inputs as the engine gets them, with Pulumi's marks of secrets and unknown values. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What stands for a value that only an update knows. */
const unknownText = "[unknown]";

/** Pulumi's mark of an unknown value, and its mark of a secret with the key that has it. */
const marks = {
  unknown: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  signatureKey: "4dabf18193072939515e22adb298388d",
  secret: "1b47061264138c4ac30d75fd1eb44270",
};

/** Fields of a Secret that are left out: `kubectl diff` then compares all others. */
const secretFields = ["data", "stringData"];

/**
 * Renders Kubernetes objects as YAML documents, in the order in which they were registered. Other resources are left
 * out, and so is every secret.
 */
export function renderManifests(registered: readonly RegisteredObject[]): string {
  return registered
    .filter(({ inputs, type }) => isObject(type, inputs))
    .map(renderDocument)
    .join("---\n");
}

/** A patch of an object that something else creates has a kind that differs from its type. */
function isObject(type: string, { apiVersion, kind }: RegisteredObject["inputs"]): boolean {
  const isKubernetes = type.startsWith("kubernetes:") && typeof apiVersion === "string";
  return isKubernetes && type.split(":").at(-1) === kind;
}

function renderDocument({ inputs, name }: RegisteredObject): string {
  const { apiVersion, kind, metadata = {}, ...others } = inputs;
  const isSecret = kind === "Secret";
  const shown = Object.entries(others).filter(([key]) => !isSecret || !secretFields.includes(key));
  const content = {
    apiVersion,
    kind,
    metadata: nameObject(clean(metadata), name),
    ...(clean(Object.fromEntries(shown)) as object),
  };
  // Kubernetes reads YAML 1.1, in which `on` is no text.
  const document = new Document(content, { version: "1.1" });
  if (isSecret && document.contents)
    document.contents.commentBefore = " Its data is a secret and left out.";
  return document.toString({ directives: false, lineWidth: 0 });
}

/** Pulumi adds random characters to the name in the program if an object has no other. */
function nameObject(metadata: unknown, name: string): unknown {
  if (typeof metadata !== "object" || metadata === null || "name" in metadata) return metadata;
  return { generateName: `${name}-`, ...metadata };
}

/** Replaces secrets and unknown values by placeholders. */
function clean(value: unknown): unknown {
  if (value === marks.unknown) return unknownText;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(clean);
  const entries = Object.entries(value);
  if (entries.some(([key, one]) => key === marks.signatureKey && one === marks.secret)) {
    return secretText;
  }
  return Object.fromEntries(entries.map(([key, one]) => [key, clean(one)]));
}
