import { textAt } from "../../../../sandbox/plugins/json";
import { idOf, nameOf, namespaceOf } from "../../../../sandbox/plugins/kubernetes/object";
import { omit } from "../../../../sandbox/plugins/properties";
import type { JsonObject } from "../../../../sandbox/plugins/properties";
import type { ApiServer } from "./apiServer";

const FOLDERS: Record<string, string> = {
  ConfigMap: "/api/v1/namespaces/NS/configmaps",
  Deployment: "/apis/apps/v1/namespaces/NS/deployments",
  Ingress: "/apis/networking.k8s.io/v1/namespaces/NS/ingresses",
  Namespace: "/api/v1/namespaces",
  NetworkPolicy: "/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies",
  PodDisruptionBudget: "/apis/policy/v1/namespaces/NS/poddisruptionbudgets",
  Secret: "/api/v1/namespaces/NS/secrets",
  Service: "/api/v1/namespaces/NS/services",
  ServiceAccount: "/api/v1/namespaces/NS/serviceaccounts",
};

/** Kinds whose readiness depends on pods: tests of their own cover how they are waited for. */
const AWAITED = ["Deployment", "Service"];

/** Whether readiness of the request's object depends on pods. */
export function isAwaited(request: JsonObject): boolean {
  return AWAITED.some((kind) => textAt(request, "type").endsWith(`:${kind}`));
}

/** The object within a state. */
export function liveOf(state: unknown): JsonObject {
  return omit(plain(state), ["__inputs", "__fieldManager", "__initialApiVersion"]);
}

/** The inputs within a state. */
export function inputsOf(state: unknown): JsonObject {
  return plain((state as JsonObject).__inputs);
}

/** A value as the cluster has it: without the marks of secrets. */
function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value), (_, item: JsonObject) =>
    item !== null && typeof item === "object" && "4dabf18193072939515e22adb298388d" in item
      ? item.value
      : item,
  ) as JsonObject;
}

/** The recorded answer, with the random name of the manager that this run chose. */
export function withManager(response: JsonObject, answer: JsonObject): JsonObject {
  const { __fieldManager: recordedManager } = response.properties as JsonObject;
  const { __fieldManager: manager } = answer.properties as JsonObject;
  if (recordedManager === undefined) {
    return response;
  }
  expect(manager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  return {
    ...response,
    properties: { ...(response.properties as JsonObject), __fieldManager: manager! },
  };
}

/** The path of the object's collection. */
function folderOf(live: JsonObject): string {
  return FOLDERS[textAt(live, "kind")].replace("NS", namespaceOf(live));
}

/** The object's path. */
export function pathOf(live: JsonObject): string {
  return `${folderOf(live)}/${nameOf(live)}`;
}

/** What makes a Deployment and a Service ready. */
export function putDependents(server: ApiServer, live: JsonObject): void {
  const namespace = `namespaces/${idOf(live).split("/")[0]}`;
  const metadata = live.metadata as { name: string; uid: string; annotations?: JsonObject };
  server.put(`/api/v1/${namespace}/endpoints/${metadata.name}`, {
    metadata: { name: metadata.name },
    subsets: [{ addresses: [] }],
  });
  server.put(`/apis/apps/v1/${namespace}/replicasets/current`, {
    metadata: {
      name: "current",
      annotations: metadata.annotations ?? {},
      ownerReferences: [{ uid: metadata.uid }],
    },
    spec: { replicas: 2 },
    status: { readyReplicas: 2 },
  });
}
