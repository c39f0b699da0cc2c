/** The parts of Kubernetes' objects that an adoption reads. */
export interface ClusterObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels?: Labels;
    readonly annotations?: Labels;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly spec?: object;
  readonly status?: object;
  /** Secrets of a ServiceAccount. */
  readonly imagePullSecrets?: object;
  readonly secrets?: object;
}

/** Labels or annotations of an object, or a selector of labels. */
export type Labels = Readonly<Record<string, string>>;

/** What selects pods in a workload or a NetworkPolicy. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** The parts of a pod's specification that are read. */
interface PodSpec {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

/** What runs pods: a Deployment, StatefulSet, DaemonSet or Job. */
export interface Workload extends ClusterObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: LabelSelector;
    readonly template: { readonly metadata?: { readonly labels?: Labels }; readonly spec: PodSpec };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
  };
}

/** A port of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

/** A Service. */
export interface Service extends ClusterObject {
  readonly spec: {
    readonly clusterIP?: string;
    readonly selector?: Labels;
    readonly ports?: readonly ServicePort[];
  };
}

/** A NetworkPolicy. */
export interface NetworkPolicy extends ClusterObject {
  readonly spec: { readonly podSelector?: LabelSelector };
}

/** Whether a Service's selector selects pods with these labels. One that is empty selects none. */
export function selectsPods(selector: Labels | undefined, labels: Labels): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

/**
 * Whether a label selector selects pods with these labels. One that is empty selects all.
 *
 * Source: Kubernetes' documentation, Labels and Selectors.
 */
export function matchesLabels(
  { matchExpressions = [], matchLabels = {} }: LabelSelector,
  labels: Labels,
): boolean {
  const isEqual = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return (
    isEqual &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      const isListed = value !== undefined && values.includes(value);
      if (operator === "In") return isListed;
      if (operator === "NotIn") return !isListed;
      return (operator === "Exists") === (value !== undefined);
    })
  );
}

/** Labels of the pods that a workload starts. */
export function podLabels({ spec }: Workload): Labels {
  return spec.template.metadata?.labels ?? {};
}
