import type { StackResource } from "../release/stackOutputs";

/** An autoscaler, which sets the number of pods. */
export interface Autoscaling {
  /**
   * Least number of pods, and that of a new site.
   *
   * @default 2
   */
  readonly minReplicas?: number;

  /** Greatest number of pods. */
  readonly maxReplicas: number;

  /**
   * Use of CPU that it aims at, in per cent of what a pod requests.
   *
   * @default 80
   */
  readonly targetCPUUtilization?: number;
}

/** Who set the number of pods in the last update: the stack, to this number, or an autoscaler of the stack's. */
export type LastReplicas = number | "autoscaler";

/** What decides the number of pods. */
export interface ScaleArgs {
  /** Number of pods that is declared; with an autoscaler the one to begin with. */
  readonly replicas: number;

  /** Undefined if unknown. */
  readonly lastReplicas?: LastReplicas;

  readonly autoscaling?: Autoscaling;
}

/**
 * Whether the number of pods stays as it is if something else has set it, such as `kubectl scale` or an
 * autoscaler: `replicas` has not changed since the last update.
 *
 * The provider then leaves a field of another owner out of the update; one of our own it sets as before. So the
 * number is never without an owner, for which Kubernetes would set it to 1, and never in conflict when an
 * autoscaler of the stack's comes or goes.
 */
export function keepsOtherReplicas({ autoscaling, lastReplicas, replicas }: ScaleArgs): boolean {
  if (autoscaling !== undefined || lastReplicas === "autoscaler") return true;
  // With this variable the provider takes fields from other owners, which is what the user wants then.
  if (process.env.PULUMI_K8S_ENABLE_PATCH_FORCE === "true") return false;
  return lastReplicas === replicas;
}

/**
 * Finds the number of pods that the last update declared, or that it left the number to an autoscaler.
 *
 * @param name name of the site's component
 * @param resources the stack's resources, see `readLastUpdate`
 */
export function findLastReplicas(
  name: string,
  resources: readonly StackResource[],
): LastReplicas | undefined {
  const find = (type: string) => resources.find(({ urn }) => urn.endsWith(`${type}::${name}`));
  const autoscaler = `HorizontalPodAutoscaler::${computeAutoscalerName(name)}`;
  if (resources.some(({ urn }) => urn.endsWith(autoscaler))) return "autoscaler";
  const declared = find("slipway:index:GatsbySite")?.outputs.replicas;
  if (typeof declared === "number") return declared;
  // Older versions did not record it: at the end of their last update this many were running.
  const { spec } = (find("kubernetes:apps/v1:Deployment")?.outputs ?? {}) as {
    spec?: { replicas?: unknown };
  };
  return typeof spec?.replicas === "number" ? spec.replicas : undefined;
}

/** Logical name of the autoscaler of a site's component. */
export function computeAutoscalerName(name: string): string {
  return `${name}-autoscaler`;
}

/** Describes a number of pods that something else has set; undefined if the declared number runs. */
export function describeOtherReplicas(deployment: {
  /** Undefined if unknown. */
  readonly running: number | undefined;
  readonly declared: number;
  /** Whether the stack's autoscaler has set it, which this update deletes. */
  readonly isAutoscalers: boolean;
  readonly name: string;
  readonly namespace: string;
}): string | undefined {
  const { declared, isAutoscalers, name, namespace, running } = deployment;
  if (running === undefined || running === declared) return undefined;
  const pods = `\`${name}\` keeps ${running} ${running === 1 ? "pod" : "pods"}`;
  const cause = isAutoscalers
    ? "its autoscaler, which this update deletes, left that number"
    : "something else set that number, such as `kubectl scale` or an autoscaler";
  return `${pods}: ${cause}. To return to the ${declared} of \`replicas\`:\n    kubectl --namespace ${namespace} scale deployment ${name} --replicas ${declared}`;
}
