import type * as pulumi from "@pulumi/pulumi";

import type { LastContainer } from "./containerName";
import type { SiteAddress } from "./ingress";
import type { NetworkPolicyMode } from "./networkPolicyMode";
import type { PodSettings } from "./podSettings";
import type { SiteResources } from "./podTemplate";
import type { PullSecretArgs } from "./pullSecret";
import type { Autoscaling, LastReplicas } from "./replicas";
import type { RuntimeConfig } from "./runtimeConfig";
import type { WebServerArgs } from "./webServer";

/** Arguments for `GatsbySite`. */
export interface GatsbySiteArgs extends SiteAddress, WebServerArgs {
  /** Image to run, best by digest: `repository@sha256:...`. It serves plain HTTP on `containerPort`. */
  readonly image: pulumi.Input<string>;

  /**
   * Number of releases before this one whose compiled files the pods still serve, for pages that were opened then. Each
   * is an image more that a new pod needs. Only with `webServer` "slipway".
   *
   * @default 0
   */
  readonly keepReleases?: number;

  /**
   * Images that the site ran before, the newest first, `PreviousRelease.keptReferences`. The pods of `keepReleases` need
   * them, so something must keep them in the registry.
   *
   * @default []
   */
  readonly previousImages?: pulumi.Input<readonly string[]>;

  /**
   * Credentials to pull the image, for a `PullSecret` in the site's namespace. In a shared namespace its name
   * is `gitlab-registry-<Deployment's name>`.
   *
   * @default none: anyone can pull the image
   */
  readonly pullSecret?: Omit<PullSecretArgs, "namespace">;

  /**
   * Existing namespace. It may be shared, so all objects are named `<Pulumi project>-<component's name>-<stack>`; a
   * name that repeats is left out.
   *
   * @default a new namespace of that name
   */
  readonly namespace?: string;

  /**
   * Number of pods. With two or more, a PodDisruptionBudget keeps a drain of nodes from evicting all at once.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * Number of pods that the last update declared, from `findLastDeployment`. If `replicas` is the same, or the stack's
   * autoscaler has set the number, it is kept as something else has set it since, such as `kubectl scale`.
   *
   * @default unknown: the update sets `replicas`, and fails if something else owns the number
   */
  readonly lastReplicas?: LastReplicas;

  /**
   * The container that the last update left, from `findLastDeployment`. With it a preview of another `containerPort` works
   * even if the Deployment was created and not updated since.
   *
   * @default unknown
   */
  readonly lastContainer?: LastContainer;

  /**
   * An autoscaler, which sets the number of pods in place of `replicas`. The cluster needs metrics-server or the like.
   *
   * @default none
   */
  readonly autoscaling?: Autoscaling;

  /**
   * Number of old ReplicaSets that Kubernetes keeps for `kubectl rollout undo`. 0 keeps none.
   *
   * @default 3
   */
  readonly revisionHistoryLimit?: number;

  /**
   * What each pod may use, in place of the default.
   *
   * @default small ones, for nginx with a static site
   */
  readonly resources?: pulumi.Input<SiteResources>;

  /**
   * Labels for all objects, in addition to `app`.
   *
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;

  /**
   * Where the pods run and what they are marked with. A change restarts them, one after the other.
   *
   * @default {}
   */
  readonly pods?: PodSettings;

  /**
   * Whether a NetworkPolicy closes the pods: `closed`, they accept requests to their port, from anywhere, and connect to
   * nothing, or `none`. For an nginx.conf that passes requests on, or a sidecar: `none`, and a policy of your own.
   *
   * @default "closed"; with `webServer` "image" or an existing `namespace` "none"
   */
  readonly networkPolicy?: NetworkPolicyMode;

  /**
   * Annotations for the Deployment. A change restarts no pod.
   *
   * @default {}
   */
  readonly annotations?: Record<string, pulumi.Input<string>>;

  /**
   * Settings of the environment. A change restarts the pods, one after the other.
   *
   * @default none: nothing is mounted into the pods, and none of these headers is sent
   */
  readonly environment?: RuntimeConfig;

  /**
   * Seconds without progress after which a rollout has failed. Enough to pull the image on a slow node.
   * The update waits 15 seconds longer for each pod, then fails with the pods' own reason.
   *
   * @default 60
   */
  readonly progressDeadlineSeconds?: pulumi.Input<number>;
}
