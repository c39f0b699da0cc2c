import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Autoscaling } from "./replicas";

type Metadata = k8s.types.input.meta.v1.ObjectMeta;

/**
 * Creates a budget with which a drain of nodes evicts one pod after the other. A site that never has more than one
 * gets none: it would change nothing.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function createDisruptionBudget(
  name: string,
  args: {
    readonly metadata: Metadata;
    /** Greatest number of pods. */
    readonly pods: number;
    readonly selector: Readonly<Record<string, string>>;
  },
  parent: pulumi.Resource,
): void {
  if (args.pods < 2) return;
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    {
      metadata: args.metadata,
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: args.selector },
        // Pods that are broken anyway hold up no drain.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    { parent },
  );
}

/**
 * Creates an autoscaler, which sets a Deployment's number of pods from then on.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 */
export function createAutoscaler(
  name: string,
  args: {
    readonly metadata: Metadata;
    /** Name of the Deployment, known once it is ready: until then nothing is scaled. */
    readonly deployment: pulumi.Input<string>;
    readonly autoscaling: Required<Autoscaling>;
  },
  parent: pulumi.Resource,
): void {
  const { maxReplicas, minReplicas, targetCPUUtilization } = args.autoscaling;
  const target = { type: "Utilization", averageUtilization: targetCPUUtilization };
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    name,
    {
      metadata: args.metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: args.deployment },
        minReplicas,
        maxReplicas,
        metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
      },
    },
    { parent },
  );
}
