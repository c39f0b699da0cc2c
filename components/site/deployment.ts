import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { defaultRevisionHistoryLimit } from "./defaults";
import { describeOtherReplicas, keepsOtherReplicas, type ScaleArgs } from "./replicas";

/** Arguments of {@link createDeployment}. */
export interface DeploymentArgs extends ScaleArgs {
  /** Name, namespace and labels of the Deployment. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Readonly<Record<string, pulumi.Input<string>>>;
  };

  /** Further annotations of the Deployment. */
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;

  /** Seconds without progress after which the rollout has failed. */
  readonly progressDeadlineSeconds: pulumi.Input<number>;

  /** Number of old ReplicaSets that Kubernetes keeps. */
  readonly revisionHistoryLimit?: number;

  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;

  /** The pods. */
  readonly template: k8s.types.input.core.v1.PodTemplateSpec;
}

/** Creates the Deployment of a site: a rolling update that always keeps all pods available. */
export function createDeployment(
  name: string,
  args: DeploymentArgs,
  parent: pulumi.Resource,
): k8s.apps.v1.Deployment {
  const { autoscaling, progressDeadlineSeconds, replicas } = args;
  const pods = autoscaling?.maxReplicas ?? replicas;
  const deployment = new k8s.apps.v1.Deployment(
    name,
    {
      metadata: {
        ...args.metadata,
        annotations: {
          ...args.annotations,
          "pulumi.com/timeoutSeconds": computeTimeout(progressDeadlineSeconds, pods),
        },
      },
      spec: {
        replicas,
        selector: { matchLabels: args.selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        progressDeadlineSeconds,
        revisionHistoryLimit: args.revisionHistoryLimit ?? defaultRevisionHistoryLimit,
        template: args.template,
      },
    },
    {
      parent,
      // Without this the update fails at the field's other owner, and nothing is released.
      ignoreChanges: keepsOtherReplicas(args) ? ["spec.replicas"] : [],
    },
  );
  // An autoscaler's number is what was asked for.
  if (autoscaling === undefined) reportOtherReplicas(deployment, args);
  return deployment;
}

function reportOtherReplicas(deployment: k8s.apps.v1.Deployment, args: DeploymentArgs): void {
  pulumi
    .all([deployment.spec.replicas, deployment.metadata.namespace])
    .apply(([running, namespace]: [number | undefined, string]) => {
      const message = describeOtherReplicas({
        running,
        declared: args.replicas,
        isAutoscalers: args.lastReplicas === "autoscaler",
        name: args.metadata.name,
        namespace,
      });
      if (message !== undefined) void pulumi.log.info(message, deployment);
    });
}

/** Time that a rollout may take for each pod, in addition to the time without progress. */
const secondsPerPod = 15;

/**
 * Computes how many seconds an update waits for the pods. Kubernetes reports a rollout without progress, but
 * Pulumi's provider continues to wait, for ten minutes by default: far too long for an image that can't be pulled.
 */
function computeTimeout(deadline: pulumi.Input<number>, replicas: number): pulumi.Output<string> {
  return pulumi.output(deadline).apply((seconds) => String(seconds + secondsPerPod * replicas));
}
