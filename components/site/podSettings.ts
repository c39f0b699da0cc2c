import type * as k8s from "@pulumi/kubernetes";

/** A taint of nodes that pods bear. */
export interface Toleration {
  /**
   * Key of the taint.
   *
   * @default every key, with `operator` `Exists`
   */
  readonly key?: string;

  /**
   * Whether the taint's value has to be `value`, or may be any.
   *
   * @default "Equal"
   */
  readonly operator?: "Equal" | "Exists";

  /**
   * Value of the taint.
   *
   * @default ""
   */
  readonly value?: string;

  /**
   * Effect of the taint.
   *
   * @default every effect
   */
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";

  /**
   * Seconds that a running pod stays on a node that gets a taint with the effect `NoExecute`.
   *
   * @default for ever
   */
  readonly tolerationSeconds?: number;
}

/** What a topology does if pods can't be spread evenly over it. */
export const spreadFallbacks = ["ScheduleAnyway", "DoNotSchedule"] as const;

/** How pods are spread over nodes, zones or other parts of a cluster. */
export interface TopologySpread {
  /** Label of nodes whose values are the parts, such as `topology.kubernetes.io/zone`. */
  readonly topologyKey: string;

  /**
   * By how many pods two parts may differ.
   *
   * @default 1
   */
  readonly maxSkew?: number;

  /**
   * Whether a pod that can't be placed so is placed elsewhere, or waits.
   *
   * @default "ScheduleAnyway"
   */
  readonly whenUnsatisfiable?: (typeof spreadFallbacks)[number];
}

/** An existing object of the namespace that is mounted into the pods: one of the three sources. */
export interface ExtraVolume {
  /**
   * Name of a Secret.
   *
   * @default none
   */
  readonly secret?: string;

  /**
   * Name of a ConfigMap.
   *
   * @default none
   */
  readonly configMap?: string;

  /**
   * Name of a PersistentVolumeClaim.
   *
   * @default none
   */
  readonly claim?: string;

  /** Folder of the pods in which its files are. */
  readonly path: string;

  /**
   * Whether pods may only read it. A Secret and a ConfigMap are never written to.
   *
   * @default true
   */
  readonly readOnly?: boolean;
}

/** Where pods run and what they are marked with. */
export interface PodSettings {
  /**
   * Labels that a node must have.
   *
   * @default {}
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;

  /**
   * Taints of nodes that the pods bear.
   *
   * @default []
   */
  readonly tolerations?: readonly Toleration[];

  /**
   * Kubernetes' own rules about nodes, and about pods nearby.
   *
   * @default {}
   */
  readonly affinity?: k8s.types.input.core.v1.Affinity;

  /**
   * How the pods are spread, in place of the default. An empty list leaves it to the scheduler.
   *
   * @default over nodes, as far as possible
   */
  readonly topologySpread?: readonly TopologySpread[];

  /**
   * Name of the pods' priority class.
   *
   * @default the cluster's default
   */
  readonly priorityClass?: string;

  /**
   * Existing Secrets, ConfigMaps and PersistentVolumeClaims of the namespace that are mounted.
   *
   * @default []
   */
  readonly volumes?: readonly ExtraVolume[];

  /**
   * Further labels of the pods. They can't replace the ones that the Service selects by.
   *
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Further annotations of the pods.
   *
   * @default {}
   */
  readonly annotations?: Readonly<Record<string, string>>;
}
