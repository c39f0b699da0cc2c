/** A taint of nodes that pods bear. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: "Equal" | "Exists";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly tolerationSeconds?: number;
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
   * Name of the pods' priority class.
   *
   * @default the cluster's default
   */
  readonly priorityClass?: string;

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
