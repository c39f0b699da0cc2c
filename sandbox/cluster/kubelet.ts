import { join } from "node:path";

import { stringify } from "yaml";

import { fetchText } from "../host/probe";
import { writeIfChanged } from "../host/configFile";
import type { Instance } from "../host/instance";
import { inNode } from "../host/node";
import { startService } from "../host/processes";
import { containerdSocket } from "./containerd";
import { makeControlGroup } from "./controlGroup";
import { apiServerUrl, nodeName, type ClusterCredentials } from "./clusterCredentials";
import { clusterDomain } from "./dns/answer";

/** Starts kubelet; the node is Ready when this returns. */
export async function startKubelet(
  instance: Instance,
  credentials: ClusterCredentials,
  program: string,
): Promise<void> {
  makeControlGroup(instance.label);
  const configuration = writeIfChanged(
    join(instance.root, "kubelet.yaml"),
    stringify({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      containerRuntimeEndpoint: `unix://${containerdSocket}`,
      address: instance.addresses.node,
      authentication: {
        anonymous: { enabled: false },
        x509: { clientCAFile: credentials.authority.certificate },
      },
      authorization: { mode: "AlwaysAllow" },
      tlsCertFile: credentials.kubeletServer.certificate,
      tlsPrivateKeyFile: credentials.kubeletServer.key,
      clusterDNS: [instance.addresses.node],
      clusterDomain,
      healthzBindAddress: instance.addresses.node,
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${instance.label}`,
      enforceNodeAllocatable: [],
      failCgroupV1: false,
      failSwapOn: false,
      // A developer's disk is often fuller than a cluster's, and evicting the site would not help.
      evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%" },
      imageGCHighThresholdPercent: 100,
      localStorageCapacityIsolation: true,
      podLogsDir: join(instance.root, "log", "pods"),
      volumePluginDir: join(instance.root, "kubelet-plugins"),
    }),
  );
  const kubeconfig = credentials.kubeconfigs.kubelet;
  await startService(instance, {
    name: "kubelet",
    command: inNode(instance, "node", [
      ...[program, "--config", configuration],
      ...["--kubeconfig", kubeconfig, "--hostname-override", nodeName],
      ...["--node-ip", instance.addresses.node],
    ]),
    reads: [configuration, kubeconfig],
    readyWithinSeconds: 120,
    ready: async () => {
      const body = await fetchText({
        url: `${apiServerUrl(instance)}/api/v1/nodes/${nodeName}`,
        authority: credentials.authority.certificate,
        client: credentials.admin,
      });
      return isReady(JSON.parse(body) as NodeObject);
    },
  });
}

interface NodeObject {
  readonly status: { readonly conditions?: readonly { type: string; status: string }[] };
}

function isReady(node: NodeObject): boolean {
  return (node.status.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}
