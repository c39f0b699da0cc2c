import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import { answers, ask } from "../answers";
import { writeConfiguration } from "../configuration";
import { registryHost, type Instance } from "../instance";
import { inNode, runInNode } from "../node";
import { startService } from "../processes";
import type { Trust } from "../trust";
import { apiServerUrl, nodeName, type ClusterCredentials } from "./credentials";
import { packPauseImage, pauseImage } from "./pauseImage";

const containerdSocket = "/run/containerd/containerd.sock";

/** Programs of the worker. */
export interface WorkerPrograms {
  readonly containerd: string;
  readonly ctr: string;
  /** Folder with kubelet and kube-proxy. */
  readonly kubernetes: string;
  /** Folder with bridge, host-local, portmap and loopback. */
  readonly cni: string;
  readonly pause: string;
}

/** Starts containerd, kubelet and kube-proxy; the node is Ready when this returns. */
export async function startWorker(
  instance: Instance,
  trust: Trust,
  credentials: ClusterCredentials,
  programs: WorkerPrograms,
): Promise<void> {
  await startContainerd(instance, trust, programs);
  await Promise.all([
    startKubelet(instance, credentials, programs),
    startKubeProxy(instance, credentials, programs),
  ]);
}

async function startContainerd(
  instance: Instance,
  trust: Trust,
  programs: WorkerPrograms,
): Promise<void> {
  const folder = join(instance.root, "containerd-config");
  const certificates = join(folder, "certs.d", registryHost);
  const network = join(folder, "cni");

  // As an administrator sets a node up for a registry with the company's authority. The table is
  // needed: without it containerd 1.6 rejects the file.
  const authority = readFileSync(trust.authority.certificate, "utf8");
  writeConfiguration(join(certificates, "ca.crt"), authority);
  writeConfiguration(
    join(certificates, "hosts.toml"),
    `server = "https://${registryHost}"

[host."https://${registryHost}"]
  ca = "${join(certificates, "ca.crt")}"
`,
  );
  writeConfiguration(join(network, "10-slipway.conflist"), JSON.stringify(podNetwork(instance)));
  const configuration = writeConfiguration(
    join(folder, "config.toml"),
    `version = 2
root = "/var/lib/containerd"
state = "/run/containerd/state"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Without CAP_SYS_RESOURCE no process may lower its score, and every pod would fail to start.
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${programs.cni}"
  conf_dir = "${network}"
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "${join(folder, "certs.d")}"
`,
  );

  await startService(instance, {
    name: "containerd",
    command: inNode(instance, "node", [programs.containerd, "--config", configuration]),
    environment: { SSL_CERT_FILE: trust.bundle },
    reads: [configuration],
    ready: async () => {
      await runInNode(instance, [programs.ctr, "--address", containerdSocket, "version"]);
      return true;
    },
  });
  await runInNode(instance, [
    ...[programs.ctr, "--address", containerdSocket, "--namespace", "k8s.io"],
    ...["images", "import", await packPauseImage(join(instance.root, "pause"), programs.pause)],
  ]);
}

function podNetwork(instance: Instance): object {
  return {
    cniVersion: "0.4.0",
    name: "slipway",
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          ranges: [[{ subnet: instance.addresses.pods }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

async function startKubelet(
  instance: Instance,
  credentials: ClusterCredentials,
  programs: WorkerPrograms,
): Promise<void> {
  makeControlGroup(instance.label);
  const configuration = writeConfiguration(
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
      healthzBindAddress: instance.addresses.node,
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${instance.label}`,
      enforceNodeAllocatable: [],
      failCgroupV1: false,
      failSwapOn: false,
      // Disks of developers are fuller than a cluster's, and an evicted site helps nobody.
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
      ...[join(programs.kubernetes, "kubelet"), "--config", configuration],
      ...["--kubeconfig", kubeconfig, "--hostname-override", nodeName],
      ...["--node-ip", instance.addresses.node],
    ]),
    reads: [configuration, kubeconfig],
    readyWithinSeconds: 120,
    ready: async () => {
      const body = await ask({
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

async function startKubeProxy(
  instance: Instance,
  credentials: ClusterCredentials,
  programs: WorkerPrograms,
): Promise<void> {
  const configuration = writeConfiguration(
    join(instance.root, "kube-proxy.yaml"),
    stringify({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: credentials.kubeconfigs["kube-proxy"] },
      clusterCIDR: instance.addresses.pods,
      healthzBindAddress: `${instance.addresses.node}:10256`,
      hostnameOverride: nodeName,
      mode: "iptables",
      // By default changes wait up to a second, in which a page just replaced would still be served.
      iptables: { minSyncPeriod: "10ms" },
      // The machine's limits are not the sandbox's to change.
      conntrack: { maxPerCore: 0 },
    }),
  );
  await startService(instance, {
    name: "kube-proxy",
    command: inNode(instance, "node", [
      ...[join(programs.kubernetes, "kube-proxy"), "--config", configuration],
    ]),
    reads: [configuration, credentials.kubeconfigs["kube-proxy"]],
    ready: () => answers({ url: `http://${instance.addresses.node}:10256/healthz` }),
  });
}

/** The control group of all pods, so that nothing of theirs is left when it is removed. */
function makeControlGroup(label: string): void {
  const root = "/sys/fs/cgroup";
  const isUnified = readdirSync(root).includes("cgroup.controllers");
  if (isUnified) {
    const controllers = readFileSync(join(root, "cgroup.controllers"), "utf8").trim().split(" ");
    const enable = controllers.map((controller) => `+${controller}`).join(" ");
    writeFileSync(join(root, "cgroup.subtree_control"), enable);
    mkdirSync(join(root, label), { recursive: true });
    writeFileSync(join(root, label, "cgroup.subtree_control"), enable);
    return;
  }
  for (const hierarchy of readdirSync(root)) {
    mkdirSync(join(root, hierarchy, label), { recursive: true });
  }
}
