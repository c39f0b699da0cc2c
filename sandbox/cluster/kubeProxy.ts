import { join } from "node:path";

import { stringify } from "yaml";

import { probe } from "../host/probe";
import { writeIfChanged } from "../host/configFile";
import type { Instance } from "../host/instance";
import { inNode } from "../host/node";
import { startService } from "../host/processes";
import { nodeName, type ClusterCredentials } from "./clusterCredentials";

/** Starts kube-proxy, which forwards a Service's traffic to its pods. */
export async function startKubeProxy(
  instance: Instance,
  credentials: ClusterCredentials,
  program: string,
): Promise<void> {
  const configuration = writeIfChanged(
    join(instance.root, "kube-proxy.yaml"),
    stringify({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: credentials.kubeconfigs["kube-proxy"] },
      clusterCIDR: instance.addresses.pods,
      healthzBindAddress: `${instance.addresses.node}:10256`,
      hostnameOverride: nodeName,
      mode: "iptables",
      // By default changes take up to a second, during which a replaced page would still be served.
      iptables: { minSyncPeriod: "10ms" },
      // The sandbox must not change the machine's limits.
      conntrack: { maxPerCore: 0 },
    }),
  );
  await startService(instance, {
    name: "kube-proxy",
    command: inNode(instance, "node", [program, "--config", configuration]),
    reads: [configuration, credentials.kubeconfigs["kube-proxy"]],
    ready: () => probe({ url: `http://${instance.addresses.node}:10256/healthz` }),
  });
}
