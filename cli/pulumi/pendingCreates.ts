import type { LiveObject, ObjectName } from "./kubectl";
import { stackType } from "./resourceTypes";
import { listPendingCreates, type StackState, type StateResource } from "./stackState";

/** The period in which a killed update ran, estimated from the state and its history. */
export interface OperationTime {
  readonly after: Date;
  readonly before: Date;
}

/** A create that a killed update had begun. What it creates may exist although the state does not know it. */
export interface PendingCreate {
  readonly resource: StateResource;
  /** When it was begun; undefined if that is unknown. */
  readonly time: OperationTime | undefined;
}

/** An update of this program is never longer, since Pulumi waits at most ten minutes for an object. */
const longestUpdateMs = 60 * 60_000;

/** Longest time between writing a pending create to the state and creating its object. */
const longestRequestMs = 5 * 60_000;

/**
 * Finds the creates that killed updates had begun.
 *
 * @param lastEnd when the last operation ended that was not killed; a kill leaves nothing in the history
 */
export function findPendingCreates(state: StackState, lastEnd: Date | undefined): PendingCreate[] {
  const time = findOperationTime(state, lastEnd);
  return listPendingCreates(state).map((resource) => ({ resource, time }));
}

function findOperationTime(
  { resources, writtenAt }: StackState,
  lastEnd: Date | undefined,
): OperationTime | undefined {
  const created = resources.find(({ type }) => type === stackType)?.created;
  if (writtenAt === undefined || created === undefined) return undefined;
  const starts = [Date.parse(created), writtenAt.getTime() - longestUpdateMs];
  return {
    after: new Date(Math.max(...starts, lastEnd?.getTime() ?? -Infinity)),
    before: new Date(writtenAt.getTime() + longestRequestMs),
  };
}

interface KubernetesInputs {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, unknown>>;
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
}

/** Name of the object that a resource creates; undefined if its inputs do not say. */
export function findObjectName({ inputs }: StateResource): ObjectName | undefined {
  const { apiVersion, kind, metadata } = (inputs ?? {}) as KubernetesInputs;
  if (apiVersion === undefined || kind === undefined || metadata?.name === undefined) {
    return undefined;
  }
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
}

/** Id that Pulumi's provider gives to an object. */
export function computeObjectId({ name, namespace }: ObjectName): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/**
 * Why it is not certain that a killed update has created an object; undefined if it is.
 *
 * @returns text that continues the object's name
 */
export function findDoubt(
  { resource, time }: PendingCreate,
  { metadata }: LiveObject,
): string | undefined {
  const { annotations, creationTimestamp = "", deletionTimestamp, labels } = metadata;
  if (deletionTimestamp !== undefined) return "is being deleted";
  if (!isCreatedByPulumi(metadata)) return "was not created by Pulumi";
  if (time === undefined) return "was created at a time that can't be compared with the update's";
  const created = Date.parse(creationTimestamp);
  // Kubernetes has whole seconds only.
  if (created < Math.floor(time.after.getTime() / 1000) * 1000) {
    return `was created at ${creationTimestamp}, before that update began`;
  }
  if (created > time.before.getTime()) {
    return `was created at ${creationTimestamp}, after that update was killed`;
  }
  const { metadata: wanted = {} } = (resource.inputs ?? {}) as KubernetesInputs;
  const isSame = contains(labels, wanted.labels) && contains(annotations, wanted.annotations);
  return isSame ? undefined : "has other labels or annotations than that update wanted";
}

/** Pulumi signs the fields that it sets. Fields that another controller has added since do not matter. */
function isCreatedByPulumi({ managedFields = [] }: LiveObject["metadata"]): boolean {
  return managedFields.some(
    ({ manager, subresource }) =>
      manager?.startsWith("pulumi-kubernetes") === true && subresource === undefined,
  );
}

function contains(
  found: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, unknown>> = {},
): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => typeof value !== "string" || found[key] === value,
  );
}
