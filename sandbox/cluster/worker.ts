import { join } from "node:path";

import type { Instance } from "../host/instance";
import type { Trust } from "../host/trust";
import { startContainerd, type ContainerdPrograms } from "./containerd";
import type { ClusterCredentials } from "./clusterCredentials";
import { runsCoreDns } from "./coreDns";
import { startDnsServer } from "./dnsServer";
import { startKubelet } from "./kubelet";
import { startKubeProxy } from "./kubeProxy";
import { removeStaleMetrics } from "./metricsServer";

/** Programs of the worker. */
export interface WorkerPrograms extends ContainerdPrograms {
  /** Folder with kubelet and kube-proxy. */
  readonly kubernetes: string;
}

/** Starts containerd, kubelet, kube-proxy and the DNS server; the node is Ready when this returns. */
export async function startWorker(
  instance: Instance,
  trust: Trust,
  credentials: ClusterCredentials,
  programs: WorkerPrograms,
): Promise<void> {
  await startContainerd(instance, trust, programs);
  await Promise.all([
    startKubelet(instance, credentials, join(programs.kubernetes, "kubelet")),
    // After `make dns` CoreDNS has its address.
    runsCoreDns(instance) ? undefined : startDnsServer(instance, credentials),
    removeStaleMetrics(instance, credentials),
    startKubeProxy(instance, credentials, join(programs.kubernetes, "kube-proxy")),
  ]);
}
