/*
 * Defaults of a site, apart from its resources: the configuration has them too, without Pulumi's SDK.
 */

/** Number of pods if nothing else is configured. */
export const defaultReplicas = 2;

/** Old ReplicaSets that Kubernetes keeps if nothing else is configured. */
export const defaultRevisionHistoryLimit = 3;

/** Default of `progressDeadlineSeconds`. */
export const defaultProgressDeadlineSeconds = 60;
