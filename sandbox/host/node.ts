import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { gitlabHost, type Instance } from "./instance";
import { findChild, startService, stopProcess, stopService } from "./processes";
import { run } from "./run";

/**
 * Folders in which the node's programs leave files under fixed names. In the node each one is a separate file system,
 * so that the machine's folders don't change.
 */
const coveredFolders = ["/run/containerd", "/run/netns", "/var/lib/cni", "/var/log"];

/** Folders that programs expect at a fixed path; the instance stores them, so that they outlive the node. */
const keptFolders = { "/var/lib/containerd": "containerd", "/var/lib/kubelet": "kubelet" } as const;

/** Network that a command in the node uses: the node's, or the machine's (to reach the package registries). */
export type Network = "node" | "machine";

/**
 * Starts the node: network, mount and process namespaces that hold everything the sandbox runs. Its first process
 * keeps them alive. When this process ends, the kernel removes the rest: processes, mounts, interfaces, routes and
 * firewall rules.
 */
export async function startNode(instance: Instance, pause: string): Promise<void> {
  writeHosts(instance);
  for (const folder of [...coveredFolders, ...Object.keys(keptFolders), instance.run]) {
    mkdirSync(folder, { recursive: true });
  }
  for (const folder of Object.values(keptFolders)) {
    mkdirSync(join(instance.root, folder), { recursive: true });
  }

  const mounts = [
    ...coveredFolders.map((folder) => `mount -t tmpfs slipway ${folder}`),
    ...Object.entries(keptFolders).map(
      ([folder, kept]) => `mount --bind '${join(instance.root, kept)}' ${folder}`,
    ),
    `mount --bind '${hostsFile(instance)}' /etc/hosts`,
  ];
  await startService(instance, {
    name: "node",
    command: [
      "unshare",
      ...["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--"],
      ...["sh", "-ec", `${mounts.join("; ")}; ip link set lo up; exec '${pause}'`],
    ],
    ready: () => Promise.resolve(findInit(instance, pause) !== undefined),
  });
  await connect(instance);
}

/** Returns the command that runs another command inside the node. */
export function inNode(instance: Instance, network: Network, command: readonly string[]): string[] {
  const init = findInit(instance);
  if (init === undefined) throw new Error("The sandbox's node does not run: run `make up`.");
  const namespaces = ["--mount", "--pid", ...(network === "node" ? ["--net"] : [])];
  // nsenter waits outside for the program inside, which would outlive it. setpriv ends the program when nsenter ends.
  const program = ["setpriv", "--pdeathsig", "KILL", "--", ...command];
  return ["nsenter", "--target", String(init), ...namespaces, "--", ...program];
}

/** Runs a command inside the node's network and waits until it ends. */
export async function runInNode(instance: Instance, command: readonly string[]): Promise<string> {
  const [program = "", ...args] = inNode(instance, "node", command);
  return run(program, args);
}

/** Path of the hosts file that gives GitLab's address in this sandbox only. */
export function hostsFile(instance: Instance): string {
  return join(instance.root, "hosts");
}

function writeHosts(instance: Instance): void {
  const own = `${instance.addresses.node} ${gitlabHost} # this sandbox's GitLab and registry`;
  const others = readFileSync("/etc/hosts", "utf8")
    .split("\n")
    .filter((line) => !line.includes(gitlabHost));
  writeFileSync(hostsFile(instance), [own, ...others].join("\n"));
}

/** Links the node to the machine and routes the cluster's services to it, unless this is done already. */
async function connect(instance: Instance): Promise<void> {
  const { host, node, prefix, services } = instance.addresses;
  const link = instance.label;
  const onMachine = (...args: string[]): Promise<unknown> => run("ip", args);
  const inside = (...args: string[]): Promise<unknown> => runInNode(instance, ["ip", ...args]);

  // The route is created last: if it exists, everything else does too.
  if ((await run("ip", ["route", "show", services])) !== "") return;
  if (existsSync(`/sys/class/net/${link}`)) await onMachine("link", "delete", link);

  const peer = ["peer", "name", "eth0", "netns", String(findInit(instance))];
  await onMachine("link", "add", link, "type", "veth", ...peer);
  await inside("address", "add", `${node}/${prefix}`, "dev", "eth0");
  await inside("link", "set", "eth0", "up");
  await inside("route", "add", "default", "via", host);
  await onMachine("address", "add", `${host}/${prefix}`, "dev", link);
  await onMachine("link", "set", link, "up");
  await onMachine("route", "add", services, "via", node);
}

/** Stops the node, and thereby everything in it. */
export async function stopNode(instance: Instance): Promise<void> {
  const init = findInit(instance);
  // Stops the first process. Its parent, `unshare`, waits and ignores a request to end.
  if (init !== undefined) await stopProcess(init);
  await stopService(instance, "node");
}

/** Whether no interface and no route of this machine overlaps the subnet, which has the form 10.213.N.0/24. */
export function isFree(subnet: string): boolean {
  const [first = 0, second = 0, third = 0] = subnet.split(".").map(Number);
  // The kernel writes addresses as little-endian hexadecimal numbers.
  const prefix = Buffer.from([third, second, first]).toString("hex").toUpperCase();
  return !readFileSync("/proc/net/route", "utf8")
    .split("\n")
    .some((line) => line.split("\t")[1]?.endsWith(prefix));
}

function findInit(instance: Instance, program?: string): number | undefined {
  const init = findChild(instance, "node");
  if (init === undefined || program === undefined) return init;
  // Before it has become the program that it was started for, its mounts aren't complete.
  return readFileSync(`/proc/${init}/cmdline`, "utf8").startsWith(program) ? init : undefined;
}
