import { dirname } from "node:path";

import { ensureTools } from "./ensure";
import { computePath } from "./plan";
import type { Tool } from "./tool";

/** Paths of every program that the sandbox starts. */
export interface Programs {
  readonly buildctl: string;
  readonly buildkitd: string;
  /** Folder of the CNI plugins. */
  readonly cni: string;
  readonly containerd: string;
  readonly ctr: string;
  readonly debootstrap: string;
  readonly dockerBuildPlugin: string;
  /** `PATH`, or `built` if it was built from its module. */
  readonly dockerBuildPluginSource: string;
  readonly etcd: string;
  readonly kubectl: string;
  /** Folder with kube-apiserver and the other parts, which are one binary under several names. */
  readonly kubernetes: string;
  readonly languageHost: string;
  readonly pause: string;
  readonly pulumi: string;
  readonly registry: string;
}

const names = {
  buildctl: "buildctl",
  buildkitd: "buildkitd",
  cni: "cni-plugins",
  containerd: "containerd",
  ctr: "ctr",
  debootstrap: "debootstrap",
  dockerBuildPlugin: "pulumi-resource-docker-build",
  etcd: "etcd",
  kubectl: "kubectl",
  kubelet: "kubelet",
  languageHost: "pulumi-language-nodejs",
  pause: "pause",
  pulumi: "pulumi",
  registry: "docker-registry",
} as const;

/** Programs that the sandbox and its services look up on PATH. */
const lookedUp = ["containerd-shim-runc-v2", "ip", "iptables", "runc", "wget"];

/**
 * Finds every program on this machine, or builds it if it is missing, and shows its progress. Programs that are
 * looked up on PATH are on it afterwards, for this process and its children.
 */
export async function findPrograms(): Promise<Programs> {
  const tools = await ensureTools([...Object.values(names), ...lookedUp]);
  const find = (name: string): Tool => {
    const tool = tools.get(name);
    if (tool === undefined) throw new Error(`Tool \`${name}\` was neither found nor built.`);
    return tool;
  };
  const path = (name: string): string => find(name).path;
  const { kubelet, ...others } = names;
  const programs = Object.fromEntries(
    Object.entries(others).map(([field, tool]) => [field, path(tool)]),
  ) as Record<keyof typeof others, string>;
  process.env["PATH"] = computePath(
    new Map(lookedUp.map((name) => [name, find(name)])),
    process.env["PATH"] ?? "",
  );
  return {
    ...programs,
    dockerBuildPluginSource: find(names.dockerBuildPlugin).source,
    kubernetes: dirname(path(kubelet)),
  };
}
