/*
 * Defaults of a site, apart from its resources: the configuration has them too, without Pulumi's SDK.
 */

/** Number of pods if nothing else is configured. */
export const defaultReplicas = 2;

/** Least number of pods that an autoscaler keeps if nothing else is configured. */
export const defaultMinReplicas = 2;

/** Use of CPU that an autoscaler aims at if nothing else is configured, in per cent of what is requested. */
export const defaultTargetCPUUtilization = 80;

/** Old ReplicaSets that Kubernetes keeps if nothing else is configured. */
export const defaultRevisionHistoryLimit = 3;

/** Default of `progressDeadlineSeconds`: long enough for a node that has yet to start. */
export const defaultProgressDeadlineSeconds = 300;

/** Default port of the container: that of unprivileged nginx. */
export const defaultContainerPort = 8080;
