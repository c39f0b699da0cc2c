import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { containerdSocket } from "../cluster/containerd";
import { writeConfiguration } from "../configuration";
import type { Instance } from "../instance";
import { inNode } from "../node";
import { findService, startService } from "../processes";
import { run } from "../run";
import type { Trust } from "../trust";
import { mirrorHost } from "./registry";

const service = "docker";

/** Programs of the Docker engine. */
export interface DockerPrograms {
  readonly docker: string;
  readonly dockerd: string;
}

/** Whether the sandbox has a Docker engine now. */
export function isDockerRunning(instance: Instance): boolean {
  return findService(instance, service) !== undefined;
}

/** Address of the sandbox's Docker engine. */
export function dockerAddress(instance: Instance): string {
  return `unix://${join(instance.run, "docker.sock")}`;
}

/**
 * Starts a Docker engine in the node: Debian's, on the node's containerd. It reaches GitLab, the registry
 * and the mirror of docker.io, and nothing else.
 */
export async function startDocker(
  instance: Instance,
  trust: Trust,
  programs: DockerPrograms,
): Promise<void> {
  const folder = join(instance.root, "docker");
  mkdirSync(folder, { recursive: true });
  const address = dockerAddress(instance);
  const configuration = writeConfiguration(
    join(folder, "daemon.json"),
    JSON.stringify({
      hosts: [address],
      containerd: containerdSocket,
      "data-root": join(folder, "data"),
      "exec-root": join(instance.run, "docker"),
      pidfile: join(instance.run, "docker.pid"),
      "exec-opts": ["native.cgroupdriver=cgroupfs"],
      "cgroup-parent": `/${instance.label}`,
      "registry-mirrors": [`https://${mirrorHost(instance)}`],
      // Containers run for their output alone: none needs a network of the sandbox's own.
      bridge: "none",
      iptables: false,
    }),
  );
  await startService(instance, {
    name: service,
    command: inNode(instance, "node", [programs.dockerd, "--config-file", configuration]),
    environment: { SSL_CERT_FILE: trust.bundle },
    reads: [configuration, trust.bundle],
    ready: async () => {
      await run(programs.docker, ["--host", address, "version"], { timeout: 5000 });
      return true;
    },
  });
}
