import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, statfs } from "node:fs/promises";
import { join } from "node:path";

import { cacheFolder } from "./cache";
import { ToolError } from "./errors";

/** Properties of a machine that the sandbox depends on. */
export interface Machine {
  readonly platform: string;
  readonly architecture: string;
  readonly isRoot: boolean;
  /** Whether namespaces and mounts are allowed, which root in a container may lack. */
  readonly canAdminister: boolean;
  /** Missing programs of Debian with which everything else is downloaded or built. */
  readonly missingPrograms: readonly string[];
  readonly canOverlay: boolean;
  readonly freeGibibytes: number;
}

const neededPrograms = ["apt-get", "dpkg-deb", "flock", "mount", "nsenter", "unshare"];
const neededGibibytes = 10;
const instead =
  "Use a Debian machine (a virtual machine will do) as root, or point the program at a GitLab and a cluster of your own: the README says how.";

/** Reads the properties of this machine. */
async function readMachine(environment: NodeJS.ProcessEnv = process.env): Promise<Machine> {
  const isLinux = process.platform === "linux";
  const cache = cacheFolder(environment);
  await mkdir(cache, { recursive: true });
  const { bavail, bsize } = await statfs(cache);
  return {
    platform: process.platform,
    architecture: process.arch,
    isRoot: process.getuid?.() === 0,
    canAdminister: isLinux && hasAdministration(),
    missingPrograms: neededPrograms.filter((name) => !succeeds("sh", "-c", `command -v ${name}`)),
    canOverlay: isLinux && (await canOverlay(cache)),
    freeGibibytes: (bavail * bsize) / 2 ** 30,
  };
}

/** Returns what a machine lacks, each with its remedy; empty if the sandbox can run on it. */
export function findMachineProblems(machine: Machine): string[] {
  if (machine.platform !== "linux") {
    return [`\`platform\` is "${machine.platform}", and the sandbox needs Linux. ${instead}`];
  }
  if (machine.missingPrograms.includes("apt-get")) {
    return [
      `\`apt-get\` is missing, and the sandbox takes programs from Debian's packages. ${instead}`,
    ];
  }
  const problems: string[] = [];
  if (machine.architecture !== "x64") {
    problems.push(
      `\`architecture\` is "${machine.architecture}", and the sandbox needs x64. ${instead}`,
    );
  }
  if (!machine.isRoot) {
    problems.push(
      `The user isn't root, who alone can run a Kubernetes node. Run the same with sudo. ${instead}`,
    );
  } else if (!machine.canAdminister) {
    problems.push(
      "The capability `CAP_SYS_ADMIN` is missing, without which nothing can be mounted. In a container, start it with `--privileged`.",
    );
  } else if (!machine.canOverlay) {
    problems.push(
      "An overlay can't be mounted in the cache's folder. Load the kernel module (`modprobe overlay`), and set `SLIPWAY_CACHE` to a folder on ext4 or xfs.",
    );
  }
  const others = machine.missingPrograms.map((name) => `\`${name}\``);
  if (others.length > 0) {
    problems.push(`Missing: ${others.join(", ")}. Run \`apt-get install dpkg mount util-linux\`.`);
  }
  if (machine.freeGibibytes < neededGibibytes) {
    problems.push(
      `The cache's disk has ${machine.freeGibibytes.toFixed(1)} GiB free, and ${neededGibibytes} GiB are needed. Make room, or set \`SLIPWAY_CACHE\` to a folder on another disk.`,
    );
  }
  return problems;
}

/** Throws an error with all problems if the sandbox can't run on this machine. */
export async function checkMachine(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const problems = findMachineProblems(await readMachine(environment));
  if (problems.length > 0) {
    throw new ToolError(
      `The sandbox can't run here:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
}

// Bit of CAP_SYS_ADMIN in the kernel's masks.
const administrationBit = 21n;

function hasAdministration(): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return ((BigInt(`0x${mask ?? "0"}`) >> administrationBit) & 1n) === 1n;
}

/**
 * Tries to mount an overlay, in a mount namespace that ends with the command. This fails on an overlay, as in a
 * container. Without `volatile`, unmounting would wait until the disk has written everything.
 */
async function canOverlay(parent: string): Promise<boolean> {
  const folder = await mkdtemp(join(parent, "overlay-"));
  try {
    const script =
      'cd "$0" && mkdir lower upper work top && mount -t overlay -o volatile,lowerdir=lower,upperdir=upper,workdir=work overlay top';
    return succeeds("unshare", "--mount", "sh", "-c", script, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function succeeds(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
