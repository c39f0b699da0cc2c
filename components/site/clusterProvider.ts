import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { LastUpdate, StackResource } from "../release/stackOutputs";

/** Arguments for {@link createClusterProvider}. */
export interface ClusterProviderArgs {
  /**
   * Content of a kubeconfig, or its path.
   *
   * @default as `kubectl` does: the file in `KUBECONFIG`, or `~/.kube/config`
   */
  readonly kubeconfig?: pulumi.Input<string>;

  /**
   * Context of the kubeconfig.
   *
   * @default its current context
   */
  readonly context?: string;

  /**
   * Identifies the cluster. Another identifier creates everything in the cluster that the context leads to, and
   * then deletes it in the former one.
   *
   * @default the identifier of the last update; for a new stack the stack's name
   */
  readonly identifier?: string;

  /** What the last update left, from `readLastUpdate`. */
  readonly last: Pick<LastUpdate, "resources">;
}

/**
 * Creates the Kubernetes provider of a stack, with the same inputs on every machine.
 *
 * The SDK copies `KUBECONFIG` and switches such as `PULUMI_K8S_ENABLE_PATCH_FORCE` from the environment into
 * the inputs; then each machine's preview shows an update of the provider. The plugin reads the same variables
 * itself, so nothing is lost without them.
 *
 * Its plugin starts when it is created: before the program waits for anything else, the plugins start side by side.
 *
 * @param name logical name; `readLastUpdate` finds the provider by it
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
 */
export function createClusterProvider(name: string, args: ClusterProviderArgs): k8s.Provider {
  const last = findProviderInputs(name, args.last.resources);
  const provider = new k8s.Provider(name, {
    clusterIdentifier: args.identifier ?? last?.clusterIdentifier ?? pulumi.getStack(),
    kubeconfig: args.kubeconfig ?? pulumi.output(findFormerPath(last)),
    context: args.context,
    // New credentials and settings change objects with fixed names in place, so pods never miss them.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
    // Known to be undefined, which keeps the SDK from asking the environment.
    deleteUnreachable: absent,
    enablePatchForce: absent,
    enableServerSideApply: absent,
    skipUpdateUnreachable: absent,
    suppressDeprecationWarnings: absent,
    suppressHelmHookWarnings: absent,
    upsertExistingObjects: absent,
  });
  const problem = last && describeContextChange(last, args);
  if (problem !== undefined) void pulumi.log.warn(problem, provider);
  return provider;
}

const absent = pulumi.output<undefined>(undefined);

/** Inputs of the provider that the last update left. */
interface ProviderInputs {
  readonly clusterIdentifier?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
}

function findProviderInputs(
  name: string,
  resources: readonly StackResource[],
): ProviderInputs | undefined {
  const found = resources.find(({ urn }) => urn.endsWith(`::pulumi:providers:kubernetes::${name}`));
  if (found === undefined) return undefined;
  const read = (key: string): string | undefined => {
    const value = found.outputs[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    clusterIdentifier: read("clusterIdentifier"),
    context: read("context"),
    kubeconfig: read("kubeconfig"),
  };
}

/**
 * Returns the path that older versions took from `KUBECONFIG` into the inputs, so that a preview on the same
 * machine shows no change.
 */
function findFormerPath(last: ProviderInputs | undefined): string | undefined {
  const { KUBECONFIG: path } = process.env;
  return last?.kubeconfig === path ? path : undefined;
}

function describeContextChange(
  last: ProviderInputs,
  { context, identifier }: ClusterProviderArgs,
): string | undefined {
  if (context === last.context || identifier !== undefined) return undefined;
  const [now, before] = [context, last.context].map((name) =>
    name === undefined ? "not set" : `"${name}"`,
  );
  return [
    `\`kubernetes:context\` is ${now}, but was ${before} in the last update. Both are taken for the same cluster, and nothing is created again.`,
    `If it is another cluster, give it an identifier of its own, and the stack moves there:\n    pulumi config set clusterIdentifier ${context ?? "<name>"}`,
  ].join(" ");
}
