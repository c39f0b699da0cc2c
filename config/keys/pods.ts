import {
  type ExtraVolume,
  type PodSettings,
  spreadFallbacks,
  type Toleration,
  type TopologySpread,
} from "../../components/site/podSettings";
import { serviceTypes } from "../../components/site/serviceSettings";
import { structuredKey } from "../keyDefinition";
import { invalid, type Result, valid } from "../result";
import { list, object, optional, record, required, scalar, type Structure } from "../structures";
import {
  anyText,
  isBoolean,
  isFolder,
  isObjectName,
  isOneOf,
  isWholeNumber,
  type Validator,
} from "../validators";

/** Kubernetes' qualified names: an optional domain, and a name of at most 63 characters. */
const isQualifiedName = (name: string): string | undefined =>
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name)
    ? undefined
    : `has "${name}", which is not a name such as "app" or "example.com/team".`;

const isQualifiedNameText: Validator<string> = (text) =>
  isQualifiedName(text) === undefined
    ? valid(text)
    : invalid(`is "${text}", which is not a label's name such as "topology.kubernetes.io/zone".`);

const labelValue = scalar<string>((text) =>
  /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(text)
    ? valid(text)
    : invalid(`is "${text}", which is not a label's value.`),
);

const labels = record("names and label values", labelValue, isQualifiedName);
const annotations = record("names and text values", scalar(anyText), isQualifiedName);

const toleration: Structure<Toleration> = object({
  key: optional("Key of the taint; any if missing", scalar(anyText)),
  operator: optional("`Equal` or `Exists`", scalar(isOneOf(["Equal", "Exists"]))),
  value: optional("Value of the taint", scalar(anyText)),
  effect: optional(
    "`NoSchedule`, `PreferNoSchedule` or `NoExecute`; all if missing",
    scalar(isOneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"])),
  ),
  tolerationSeconds: optional(
    "Seconds that a pod stays on a node with `NoExecute`",
    scalar(isWholeNumber(0, 2 ** 31 - 1)),
  ),
});

/** An object that Kubernetes checks, which knows its fields in the version that runs. */
function kubernetesObject<T>(): Structure<T> {
  const isObject = (value: unknown): value is T =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const parse = (value: unknown): Result<T> =>
    isObject(value) ? valid(value) : invalid("is not an object with Kubernetes' own fields.");
  return { fields: [], parse };
}

type Affinity = NonNullable<PodSettings["affinity"]>;

const affinity: Structure<Affinity> = object({
  nodeAffinity: optional("Rules about nodes", kubernetesObject<Affinity["nodeAffinity"]>()),
  podAffinity: optional("Rules about pods nearby", kubernetesObject<Affinity["podAffinity"]>()),
  podAntiAffinity: optional(
    "Rules about pods that must not be nearby",
    kubernetesObject<Affinity["podAntiAffinity"]>(),
  ),
});

const topologySpread: Structure<TopologySpread> = object({
  topologyKey: required(
    "Label of nodes, such as `topology.kubernetes.io/zone`",
    scalar(isQualifiedNameText),
  ),
  maxSkew: optional(
    "By how many pods two values of the label may differ; 1 if missing",
    scalar(isWholeNumber(1, 1000)),
  ),
  whenUnsatisfiable: optional(
    "`ScheduleAnyway`: a pod runs elsewhere rather than not at all, or `DoNotSchedule`; the first if missing",
    scalar(isOneOf(spreadFallbacks)),
  ),
});

const volumeSources = ["secret", "configMap", "claim"];

const volume: Structure<ExtraVolume> = object(
  {
    secret: optional("Name of a Secret", scalar(isObjectName("a secret's name"))),
    configMap: optional("Name of a ConfigMap", scalar(isObjectName("a ConfigMap's name"))),
    claim: optional(
      "Name of a PersistentVolumeClaim",
      scalar(isObjectName("a PersistentVolumeClaim's name")),
    ),
    path: required("Folder of the pods in which its files are", scalar(isFolder)),
    readOnly: optional("Whether pods may only read it; `true` if missing", scalar(isBoolean)),
  },
  (given) =>
    volumeSources.filter((source) => given[source] !== undefined).length === 1
      ? []
      : ["is not one of `secret`, `configMap` and `claim`. Name one object."],
);

/** What a cluster asks of pods and Ingresses. */
export const podKeys = {
  pods: structuredKey({
    description: "Where the pods run and what they are marked with. A change restarts them",
    default: undefined,
    example: "--path 'pods.nodeSelector.disktype' ssd",
    structure: object({
      nodeSelector: optional("Labels that a node must have", labels),
      tolerations: optional("List of taints of nodes that the pods bear", list(toleration)),
      affinity: optional("Kubernetes' own rules about nodes, and about pods nearby", affinity),
      topologySpread: optional(
        "List of how the pods are spread; over nodes as far as possible if missing, and if empty as the scheduler does",
        list(topologySpread),
      ),
      priorityClass: optional(
        "Name of the pods' priority class",
        scalar(isObjectName("a priority class")),
      ),
      volumes: optional("List of existing objects of the namespace that are mounted", list(volume)),
      labels: optional("Further labels of the pods", labels),
      annotations: optional("Further annotations of the pods", annotations),
    }),
  }),
  service: structuredKey({
    description:
      "The Service in front of the pods. By default the cluster alone reaches it, and an Ingress is the way in",
    default: undefined,
    example: "--path 'service.type' LoadBalancer",
    structure: object({
      type: optional(
        "`ClusterIP`; `NodePort`: also at a port of each node; `LoadBalancer`: also at an address of the cluster's provider. The first if missing",
        scalar(isOneOf(serviceTypes)),
      ),
      annotations: optional(
        "Annotations of the Service, such as those of a cloud's load balancer",
        annotations,
      ),
    }),
  }),
  ingressAnnotations: structuredKey({
    description: "Annotations of the Ingress, such as cert-manager's issuer",
    default: undefined,
    example: "--path 'ingressAnnotations[\"cert-manager.io/cluster-issuer\"]' letsencrypt",
    structure: annotations,
  }),
};
