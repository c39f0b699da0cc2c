import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { createAutoscaler, createDisruptionBudget } from "./availability";
import { createUsers } from "./basicAuth";
import {
  defaultMinReplicas,
  defaultProgressDeadlineSeconds,
  defaultReplicas,
  defaultTargetCPUUtilization,
} from "./defaults";
import { createDeployment } from "./deployment";
import type { GatsbySiteArgs } from "./gatsbySiteArgs";
import { buildIngressSpec } from "./ingress";
import { createNetworkPolicy } from "./networkPolicy";
import { hasNetworkPolicy } from "./networkPolicyMode";
import { buildPodTemplate } from "./podTemplate";
import { PullSecret } from "./pullSecret";
import { computeAutoscalerName } from "./replicas";
import {
  computeChecksum,
  isProtected,
  renderEnvironment,
  type RuntimeConfig,
} from "./runtimeConfig";
import { computeUrl, createService, unawaited } from "./service";
import { computeUniqueName } from "./uniqueName";
import { describeWebServerLimits } from "./webServer";

/**
 * A static site on Kubernetes: Deployment, Service, with a host name an Ingress, with several pods a
 * PodDisruptionBudget, by default a NetworkPolicy and on demand an autoscaler, in a namespace of its own. All objects
 * have the component's name; in an existing namespace also the names of project and stack.
 *
 * The pods meet the "restricted" Pod Security Standard: no root, no privileges, a read-only file system.
 *
 * @example
 * new GatsbySite(
 *   "gatsby-site",
 *   { image: image.reference, pullSecret: { registry, ...access.pull }, host: "www.example.com" },
 *   { providers: [cluster] },
 * );
 */
export class GatsbySite extends pulumi.ComponentResource {
  /**
   * Where the site answers: the Ingress's host, else the load balancer's address, or else the Service's cluster IP,
   * which is reached from the cluster's nodes and pods (and through `kubectl port-forward`).
   */
  public readonly url: pulumi.Output<string>;

  /** Namespace of everything here. */
  public readonly namespace: pulumi.Output<string>;

  /** Name of the Deployment, known once its pods are ready. */
  public readonly deployment: pulumi.Output<string>;

  /** Number of pods as declared, known once the pods are ready. The next update compares its own number with it. */
  public readonly replicas: pulumi.Output<number>;

  constructor(name: string, args: GatsbySiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:GatsbySite", name, {}, opts);

    const isOwnServer = args.webServer === "image";
    if (isOwnServer) this.checkEnvironment(args.environment ?? {});
    const parent = { parent: this };
    const uniqueName = computeUniqueName(pulumi.getProject(), name, pulumi.getStack());
    // Another stack's site has the same name, and its Service must not find these pods.
    const objectName = args.namespace === undefined ? name : uniqueName;
    const selector = { app: objectName };
    const labels = { ...args.labels, ...selector };
    this.namespace =
      args.namespace === undefined
        ? this.createNamespace(name, uniqueName, labels)
        : pulumi.output(args.namespace);
    const metadata = { name: objectName, namespace: this.namespace, labels };

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const shared = args.namespace === undefined ? undefined : `gitlab-registry-${objectName}`;
    const pullSecret =
      args.pullSecret &&
      new PullSecret(
        `${name}-pull`,
        {
          ...args.pullSecret,
          secretName: args.pullSecret.secretName ?? shared,
          namespace: this.namespace,
        },
        parent,
      );

    const keepsRelease = (args.keepReleases ?? 0) > 0 && !isOwnServer;
    const settings = keepsRelease ? { ...args.environment, keepsRelease } : args.environment;
    const environment =
      settings && !isOwnServer ? this.createEnvironment(name, metadata, settings) : undefined;
    const autoscaling = args.autoscaling && {
      minReplicas: args.autoscaling.minReplicas ?? defaultMinReplicas,
      maxReplicas: args.autoscaling.maxReplicas,
      targetCPUUtilization: args.autoscaling.targetCPUUtilization ?? defaultTargetCPUUtilization,
    };
    const replicas = autoscaling?.minReplicas ?? args.replicas ?? defaultReplicas;
    const deployment = createDeployment(
      name,
      {
        ...args,
        metadata,
        replicas,
        progressDeadlineSeconds: args.progressDeadlineSeconds ?? defaultProgressDeadlineSeconds,
        selector,
        template: buildPodTemplate({
          ...args,
          name: objectName,
          labels,
          serviceAccount: account.metadata.name,
          pullSecret: pullSecret?.secretName,
          keptImages: keepsRelease
            ? pulumi
                .output(args.previousImages ?? [])
                .apply((images) => images.slice(0, args.keepReleases))
            : undefined,
          environment,
        }),
      },
      this,
    );

    const pods = autoscaling?.maxReplicas ?? replicas;
    createDisruptionBudget(`${name}-budget`, { metadata, pods, selector }, this);
    if (autoscaling !== undefined) {
      const target = { metadata, deployment: deployment.metadata.name, autoscaling };
      createAutoscaler(computeAutoscalerName(name), target, this);
    }
    if (hasNetworkPolicy(args))
      createNetworkPolicy(`${name}-network`, { metadata, selector }, this);

    const service = createService(
      `${name}-service`,
      { address: args, deployment, metadata, selector },
      this,
    );
    if (args.host !== undefined) {
      new k8s.networking.v1.Ingress(
        `${name}-ingress`,
        {
          metadata: { ...metadata, annotations: { ...args.ingressAnnotations, ...unawaited } },
          spec: buildIngressSpec(args.host, service.metadata.name, args),
        },
        parent,
      );
    }

    this.url = computeUrl(args, service);
    this.deployment = deployment.metadata.name;
    this.replicas = this.whenReady(replicas);
    this.registerOutputs({
      url: this.url,
      namespace: this.namespace,
      deployment: this.deployment,
      replicas: this.replicas,
    });
  }

  /** Returns `value` once the Deployment's pods are ready. If they never are, a stack output keeps its former value. */
  public whenReady<T>(value: pulumi.Input<T>): pulumi.Output<pulumi.Unwrap<T>> {
    return pulumi.all([value, this.deployment]).apply(([ready]) => ready);
  }

  private createEnvironment(
    name: string,
    metadata: k8s.types.input.meta.v1.ObjectMeta & { readonly name: string },
    environment: RuntimeConfig,
  ) {
    const data = renderEnvironment(environment);
    const configMap = new k8s.core.v1.ConfigMap(
      `${name}-environment`,
      { metadata: { ...metadata, name: `${metadata.name}-environment` }, data },
      { parent: this },
    );
    const users = isProtected(environment)
      ? createUsers(`${name}-users`, { metadata, users: environment.basicAuth ?? {} }, this)
      : undefined;
    return { configMap: configMap.metadata.name, checksum: computeChecksum(data), users };
  }

  /** Says what an image's own web server, which reads none of the environment's files, does not do. */
  private checkEnvironment(environment: RuntimeConfig): void {
    const { isIndexed = true, publicConfig = {} } = environment;
    if (isProtected(environment)) {
      throw new pulumi.ResourceError(
        '`basicAuth` has no effect with `webServer` "image": everybody could see the site. Remove `basicAuth`, or use Slipway\'s Dockerfile.',
        this,
        true,
      );
    }
    if (Object.keys(publicConfig).length > 0) {
      throw new pulumi.ResourceError(
        "`publicConfig` has no effect with `webServer` \"image\": the image's own web server does not serve `/config.json`. Remove `publicConfig`, or use Slipway's Dockerfile.",
        this,
        true,
      );
    }
    void pulumi.log.warn(describeWebServerLimits(isIndexed), this);
  }

  private createNamespace(
    name: string,
    uniqueName: string,
    labels: Record<string, pulumi.Input<string>>,
  ): pulumi.Output<string> {
    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: uniqueName,
          labels: { ...labels, "pod-security.kubernetes.io/enforce": "restricted" },
        },
      },
      { parent: this },
    );
    return namespace.metadata.name;
  }
}
