import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link createNetworkPolicy}. */
export interface NetworkPolicyArgs {
  /** Name, namespace and labels of the policy. */
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;

  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;
}

/**
 * Creates a policy with which pods accept requests to their port, from anywhere, and connect to nothing. It has an
 * effect only in a cluster whose network enforces policies.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function createNetworkPolicy(
  name: string,
  { metadata, selector }: NetworkPolicyArgs,
  parent: pulumi.Resource,
): void {
  new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        // Without a rule for egress, none is allowed.
        policyTypes: ["Ingress", "Egress"],
        // By name: while another `containerPort` is rolled out, pods with both numbers run.
        ingress: [{ ports: [{ port: "http", protocol: "TCP" }] }],
      },
    },
    { parent },
  );
}
