import { type FormerTarget, readFormerTarget } from "./formerTarget";
import { type ClusterObject, podLabels, selectsPods, type Service, type Workload } from "./objects";

/** A site that was deployed by hand, and the site of the stack that takes its place. */
export interface Adoption {
  /** The Deployment made by hand; undefined if it is gone. */
  readonly former: Workload | undefined;
  /** Pull secrets of its pods. */
  readonly secrets: readonly string[];
  /** Services that lead to its pods. */
  readonly services: readonly Service[];
  /** Services that led to its pods and were moved, with where they led. */
  readonly moved: readonly { readonly service: Service; readonly from: FormerTarget }[];
  /** The stack's own Deployment and Service; undefined if they are gone. */
  readonly deployment: Workload | undefined;
  readonly service: Service | undefined;
  /** All that was read. */
  readonly objects: readonly ClusterObject[];
}

/** Kinds that {@link findAdoption} needs. */
export const kinds = [
  "deployments.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "services",
  "networkpolicies.networking.k8s.io",
  "ingresses.networking.k8s.io",
] as const;

/**
 * Finds what an adoption is about among the objects of a namespace.
 *
 * @param formerName name of the Deployment made by hand
 * @param ownName name of the stack's Deployment and Service
 */
export function findAdoption(
  objects: readonly ClusterObject[],
  formerName: string,
  ownName: string,
): Adoption {
  const deployments = findWorkloads(objects).filter(({ kind }) => kind === "Deployment");
  const former = deployments.find(({ metadata }) => metadata.name === formerName);
  const all = objects.filter((object): object is Service => object.kind === "Service");
  const moved = all.flatMap((service) => {
    const from = readFormerTarget(service);
    return from?.deployment === formerName ? [{ service, from }] : [];
  });
  const labels = former === undefined ? undefined : podLabels(former);
  const secrets = (former?.spec.template.spec.imagePullSecrets ?? []).map(({ name = "" }) => name);
  return {
    former,
    secrets: [...new Set([...secrets, ...moved.flatMap(({ from }) => from.secrets)])],
    services: labels ? all.filter(({ spec }) => selectsPods(spec.selector, labels)) : [],
    moved,
    deployment: deployments.find(({ metadata }) => metadata.name === ownName),
    service: all.find(({ metadata }) => metadata.name === ownName),
    objects,
  };
}

/** The workloads among some objects. */
export function findWorkloads(objects: readonly ClusterObject[]): readonly Workload[] {
  const isWorkload = ({ kind }: ClusterObject): boolean =>
    ["Deployment", "StatefulSet", "DaemonSet"].includes(kind);
  return objects.filter((object): object is Workload => isWorkload(object));
}

/** Whether all pods of a Deployment are ready, in its newest version. */
export function isReady({ metadata, spec, status }: Workload): boolean {
  const wanted = spec.replicas ?? 1;
  return (
    wanted > 0 &&
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) >= wanted &&
    (status?.readyReplicas ?? 0) >= wanted
  );
}

/** Where an object says what it uses. Accounts have no specification. */
const described = ["spec", "imagePullSecrets", "secrets"] as const;

/** Names of the objects other than `except` that mention a name anywhere, as pods, accounts and routes do a Secret. */
export function findMentions(
  objects: readonly ClusterObject[],
  name: string,
  except: (object: ClusterObject) => boolean,
): readonly string[] {
  const mentions = (value: unknown): boolean => {
    if (typeof value === "string") return value === name;
    return typeof value === "object" && value !== null && Object.values(value).some(mentions);
  };
  return objects
    .filter((object) => !except(object))
    .filter((object) => described.some((key) => mentions(object[key])))
    .map(({ kind, metadata }) => `${kind} \`${metadata.name}\``);
}

/** Names of the Services, for a sentence. */
export function nameServices(services: readonly Service[]): string {
  return services.map(({ metadata }) => `\`${metadata.name}\``).join(", ");
}
