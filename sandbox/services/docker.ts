import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { writeIfChanged } from "../host/configFile";
import type { Instance } from "../host/instance";
import { inNode } from "../host/node";
import { findChild, findService, startService } from "../host/processes";
import { run } from "../host/run";
import type { Trust } from "../host/trust";
import { mirrorHost } from "./registry";

const service = "docker";
/** Address at which slirp4netns forwards to the machine's name server. */
const nameServer = "10.0.2.3";

/** Programs of the Docker engine. */
export interface DockerPrograms {
  readonly containerd: string;
  readonly docker: string;
  readonly dockerd: string;
  readonly slirp4netns: string;
}

/** Whether the sandbox's Docker engine is running. */
export function isDockerRunning(instance: Instance): boolean {
  return findService(instance, service) !== undefined;
}

/** Address of the sandbox's Docker engine. */
export function dockerAddress(instance: Instance): string {
  return `unix://${join(instance.run, "docker.sock")}`;
}

/**
 * Starts a Docker engine, Debian's, with its own containerd and network. Its bridges and firewall rules affect
 * nothing else, and through slirp4netns its containers reach what the machine reaches.
 */
export async function startDocker(
  instance: Instance,
  trust: Trust,
  programs: DockerPrograms,
): Promise<void> {
  const folder = join(instance.root, "docker");
  mkdirSync(folder, { recursive: true });
  const address = dockerAddress(instance);
  const runtime = writeRuntime(folder);
  const configuration = writeIfChanged(
    join(folder, "daemon.json"),
    JSON.stringify({
      hosts: [address],
      "data-root": join(folder, "data"),
      "exec-root": join(instance.run, "docker"),
      pidfile: "/run/containerd/docker.pid",
      "exec-opts": ["native.cgroupdriver=cgroupfs"],
      "cgroup-parent": `/${instance.label}`,
      "registry-mirrors": [`https://${mirrorHost(instance)}`],
      dns: [nameServer],
      runtimes: { sandbox: { path: runtime } },
      "default-runtime": "sandbox",
    }),
  );
  // In the node this folder belongs to the node's containerd, which the engine would use as the system's.
  const start = `mount -t tmpfs docker /run/containerd; exec "$0" --config-file "$1"`;
  await startService(instance, {
    name: service,
    command: inNode(instance, "machine", [
      // Its processes end with it: a leftover containerd would lock the data that the next one needs.
      ...["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"],
      ...["sh", "-ec", start],
      ...[programs.dockerd, configuration],
    ]),
    environment: {
      SSL_CERT_FILE: trust.bundle,
      PATH: [dirname(programs.containerd), process.env["PATH"]].join(delimiter),
    },
    reads: [configuration, runtime, trust.bundle],
    ready: async () => {
      await run(programs.docker, ["--host", address, "version"], { timeout: 5000 });
      return true;
    },
  });
  await startNetwork(instance, programs.slirp4netns);
}

async function startNetwork(instance: Instance, slirp4netns: string): Promise<void> {
  const engine = findChild(instance, service);
  await startService(instance, {
    name: `${service}-network`,
    command: inNode(instance, "machine", [
      ...[slirp4netns, "--configure", "--mtu=65520", idInNode(engine), "tap0"],
    ]),
    // The default route is the last thing that slirp4netns creates.
    ready: () =>
      Promise.resolve(readFileSync(`/proc/${engine}/net/route`, "utf8").includes("tap0\t00000000")),
  });
}

/** Returns a process's id as the node's other processes see it. */
function idInNode(pid: number | undefined): string {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return /^NSpid:.*\s(\d+)$/m.exec(status)?.[1] ?? "";
}

/**
 * Writes a runtime that is runc, but without CAP_SYS_RESOURCE if this machine lacks it: runc fails if it can't grant
 * a capability, and a privileged container asks for all of them.
 */
function writeRuntime(folder: string): string {
  const file = writeIfChanged(
    join(folder, "runtime"),
    `#!/bin/sh
# The capability's number is 24: linux/capability.h.
has=$((0x$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status) >> 24 & 1))
drop() { [ "$has" = 1 ] || sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$1"; }
previous=
for argument; do
  case $previous in
    --bundle) drop "$argument/config.json" ;;
    --process) drop "$argument" ;;
  esac
  previous=$argument
done
exec runc "$@"
`,
  );
  chmodSync(file, 0o755);
  return file;
}
