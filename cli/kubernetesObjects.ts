/** The parts of Kubernetes' objects that commands read. */
interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly uid: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Renders labels as a selector, such as `app=gatsby-site`. */
export function formatSelector(labels: Readonly<Record<string, string>> = {}): string {
  return Object.entries(labels)
    .map((pair) => pair.join("="))
    .join(",");
}

/** A list, as the API returns it. */
export interface ObjectList<T> {
  readonly items: readonly T[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A Deployment. */
export interface Deployment {
  readonly metadata: Metadata & { readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly image?: string }[] };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** A ReplicaSet. */
export interface ReplicaSet {
  readonly metadata: Metadata;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly exitCode?: number;
    readonly message?: string;
  };
  readonly running?: object;
}

/** How one container of a pod is. */
export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

/** A pod. */
export interface Pod {
  readonly metadata: Metadata;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** An event. */
export interface ClusterEvent {
  readonly involvedObject: { readonly name?: string; readonly uid?: string };
  readonly reason?: string;
  readonly message?: string;
  /** How often it occurred; 1 if it is missing. */
  readonly count?: number | null;
  readonly lastTimestamp?: string | null;
}
