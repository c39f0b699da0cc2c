import type { CheckedResource } from "./rule";
import { readList, readPath, readText, type Value } from "./values";

/** Path to the pod in each kind of workload. */
const podPaths: Readonly<Record<string, readonly string[]>> = {
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  DaemonSet: ["spec", "template"],
  Deployment: ["spec", "template"],
  Job: ["spec", "template"],
  Pod: [],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  StatefulSet: ["spec", "template"],
};

/** Lists of containers in a pod's specification. */
const containerLists = ["initContainers", "containers", "ephemeralContainers"];

/** A container in a pod. */
export interface Container {
  readonly name: string;
  readonly spec: Value;
}

/** Kind of a Kubernetes object, such as `Deployment`; undefined if the resource is not one. */
export function findKind({ type }: CheckedResource): string | undefined {
  return /^kubernetes:[^:]+:(\w+)$/.exec(type)?.[1];
}

/** Returns the pod that a workload runs, with its metadata; undefined if the resource runs none. */
export function findPod(resource: CheckedResource): Value {
  const path = podPaths[findKind(resource) ?? ""];
  return path && readPath(resource.properties, ...path);
}

/** Lists the containers of a resource's pod. */
export function listContainers(resource: CheckedResource): Container[] {
  const pod = findPod(resource);
  return containerLists
    .flatMap((list) => readList(pod, "spec", list))
    .map((spec) => ({ name: readText(spec, "name") ?? "", spec }));
}

/** Namespace of a Kubernetes object; undefined if it is unknown or that of the provider. */
function findNamespace({ properties }: CheckedResource): string | undefined {
  return readText(properties, "metadata", "namespace");
}

/** Whether two objects may be in one namespace: unknown ones may. */
export function mayShareNamespace(one: CheckedResource, other: CheckedResource): boolean {
  const [first, second] = [findNamespace(one), findNamespace(other)];
  return first === undefined || second === undefined || first === second;
}
