import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link createDisruptionBudget}. */
export interface DisruptionBudgetArgs {
  /** Name, namespace and labels of the budget. */
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;

  /** Least number of pods that run. */
  readonly pods: number;

  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;
}

/**
 * Creates a budget with which a drain of nodes evicts one pod after the other. A site with one pod has none: the
 * drain would wait for ever.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function createDisruptionBudget(
  name: string,
  { metadata, pods, selector }: DisruptionBudgetArgs,
  parent: pulumi.Resource,
): void {
  if (pods < 2) return;
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    {
      metadata,
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: selector },
        // Pods that are broken anyway hold up no drain.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    { parent },
  );
}
