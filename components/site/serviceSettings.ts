/** From where a Service may be reached. */
export const serviceTypes = ["ClusterIP", "NodePort", "LoadBalancer"] as const;

/** The Service in front of a site's pods. */
export interface ServiceSettings {
  /**
   * `ClusterIP`: from the cluster. `NodePort`: also at a port of each node. `LoadBalancer`: also at an address that
   * the cluster's provider assigns.
   *
   * @default "ClusterIP"
   */
  readonly type?: (typeof serviceTypes)[number];

  /**
   * Annotations of the Service, such as those of a cloud's load balancer.
   *
   * @default {}
   */
  readonly annotations?: Readonly<Record<string, string>>;
}
