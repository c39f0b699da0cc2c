import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type ClusterAccess, PullSecretEntry } from "./pullSecretEntry";

/** Arguments for {@link PullSecret}. */
export interface PullSecretArgs {
  /** Registry as images name it, `host[:port]` without scheme, e.g. `gitlab.example.com:5050`. */
  readonly registry: pulumi.Input<string>;

  /** User name, e.g. that of a deploy token. */
  readonly username: pulumi.Input<string>;

  /** Password, e.g. a deploy token. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;

  /**
   * E-mail address, for registries that require one. GitLab does not.
   *
   * @default none
   */
  readonly email?: pulumi.Input<string | undefined>;

  /**
   * Namespace of the secret: that of the pods.
   *
   * @default the Kubernetes provider's namespace
   */
  readonly namespace?: pulumi.Input<string | undefined>;

  /**
   * Name of the secret in Kubernetes. It is fixed, so that new credentials change the secret and nothing
   * that refers to it.
   *
   * @default "gitlab-registry"
   */
  readonly secretName?: pulumi.Input<string | undefined>;

  /**
   * Existing service accounts of the namespace, by name, whose pods use the secret too, such as `default`. One entry
   * is added to the `imagePullSecrets` of each, with `kubectl`.
   *
   * @default none: only pods that name the secret
   */
  readonly serviceAccounts?: readonly string[];

  /**
   * How `kubectl` reaches the cluster.
   *
   * @default as it does by itself: `KUBECONFIG`, and its current context
   */
  readonly cluster?: { [K in keyof ClusterAccess]: pulumi.Input<string | undefined> };
}

/**
 * A `kubernetes.io/dockerconfigjson` secret with which pods pull images from one registry.
 *
 * With `enableSecretMutable` the Kubernetes provider changes it in place. Without it, new credentials delete and
 * create the secret, and pods can't pull in between.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 * @example
 * const cluster = new k8s.Provider("cluster", { enableSecretMutable: true });
 * const secret = new PullSecret(
 *   "pull",
 *   { registry: "gitlab.example.com:5050", ...access.pull },
 *   { providers: [cluster] },
 * );
 * // in a pod: imagePullSecrets: [{ name: secret.secretName }]
 */
export class PullSecret extends pulumi.ComponentResource {
  /** Name for a pod's `imagePullSecrets`. */
  public readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: PullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:PullSecret", name, {}, opts);

    const secretName = pulumi.output(args.secretName).apply((given) => given ?? "gitlab-registry");
    const secret = new k8s.core.v1.Secret(
      name,
      {
        metadata: {
          name: secretName,
          namespace: args.namespace,
        },
        type: "kubernetes.io/dockerconfigjson",
        // The class always marks this as a secret. Not `stringData`: the provider turns that into `data` once it is
        // known, which violates an update plan from before the token existed.
        data: {
          ".dockerconfigjson": pulumi
            .all([args.registry, args.username, args.password, args.email])
            .apply(([registry, username, password, email]) =>
              encodeBase64(renderDockerConfig(registry, { username, password, email })),
            ),
        },
      },
      { parent: this },
    );

    this.secretName = secret.metadata.name;
    for (const account of args.serviceAccounts ?? []) {
      new PullSecretEntry(
        `${name}-${account}`,
        {
          ...args.cluster,
          namespace: secret.metadata.namespace,
          account,
          // Known in a preview too, unlike the name that the secret returns once it exists.
          secret: secretName,
        },
        // Replaced with the secret when the stack moves to another cluster.
        { parent: this, dependsOn: secret, replaceWith: [secret] },
      );
    }
    this.registerOutputs({ secretName: this.secretName });
  }
}

/**
 * Renders a Docker configuration file with the credentials of one registry.
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/#config-json
 */
export function renderDockerConfig(
  registry: string,
  login: { username: string; password: string; email?: string },
): string {
  const { username, password, email } = login;
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({
    auths: { [registry]: { username, password, ...(email && { email }), auth } },
  });
}

function encodeBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}
