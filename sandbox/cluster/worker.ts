import { join } from "node:path";

import type { Instance } from "../host/instance";
import type { Trust } from "../host/trust";
import { startContainerd, type ContainerdPrograms } from "./containerd";
import type { ClusterCredentials } from "./credentials";
import { startKubelet } from "./kubelet";
import { startKubeProxy } from "./kubeProxy";

/** Programs of the worker. */
export interface WorkerPrograms extends ContainerdPrograms {
  /** Folder with kubelet and kube-proxy. */
  readonly kubernetes: string;
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
    startKubelet(instance, credentials, join(programs.kubernetes, "kubelet")),
    startKubeProxy(instance, credentials, join(programs.kubernetes, "kube-proxy")),
  ]);
}
