import type { StackResource } from "../release/stackOutputs";

/**
 * Whether the number of pods stays as it is if something else has set it, such as `kubectl scale` or an
 * autoscaler: `replicas` has not changed since the last update.
 *
 * The provider then leaves a field of another owner out of the update; one of our own it sets as before.
 */
export function keepsOtherReplicas({
  lastReplicas,
  replicas,
}: {
  readonly lastReplicas?: number;
  readonly replicas: number;
}): boolean {
  // With this variable the provider takes fields from other owners, which is what the user wants then.
  if (process.env.PULUMI_K8S_ENABLE_PATCH_FORCE === "true") return false;
  return lastReplicas === replicas;
}

/**
 * Finds the number of pods that the last update declared.
 *
 * @param name name of the site's component
 * @param resources the stack's resources, see `readLastUpdate`
 */
export function findLastReplicas(
  name: string,
  resources: readonly StackResource[],
): number | undefined {
  const find = (type: string) => resources.find(({ urn }) => urn.endsWith(`${type}::${name}`));
  const declared = find("slipway:index:GatsbySite")?.outputs.replicas;
  if (typeof declared === "number") return declared;
  // Older versions did not record it: at the end of their last update this many were running.
  const { spec } = (find("kubernetes:apps/v1:Deployment")?.outputs ?? {}) as {
    spec?: { replicas?: unknown };
  };
  return typeof spec?.replicas === "number" ? spec.replicas : undefined;
}

/** Describes a number of pods that something else has set; undefined if the declared number runs. */
export function describeOtherReplicas(deployment: {
  /** Undefined if unknown. */
  readonly running: number | undefined;
  readonly declared: number;
  readonly name: string;
  readonly namespace: string;
}): string | undefined {
  const { declared, name, namespace, running } = deployment;
  if (running === undefined || running === declared) return undefined;
  return `\`${name}\` keeps ${running} ${running === 1 ? "pod" : "pods"}: something else set that number, such as \`kubectl scale\` or an autoscaler. To return to the ${declared} of \`replicas\`:\n    kubectl --namespace ${namespace} scale deployment ${name} --replicas ${declared}`;
}
