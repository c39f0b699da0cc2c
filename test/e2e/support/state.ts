import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { listSession, readProcess } from "../../../cli/process/procFiles";
import { checkout, inSandbox, start } from "./checkout";

const backend = join(checkout, ".sandbox", "test", "pulumi", "state", ".pulumi");

/** Folder of the locks of stack `dev`. */
export const locks = join(backend, "locks", "organization", "gatsby-site", "dev");

interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: {
      readonly pending_operations?: { type: string; resource: { type: string } }[];
    };
  };
}

/** Returns the pending operations in the state of stack `dev`, such as `creating <type token>`. */
export function pendingOperations(): string[] {
  const file = join(backend, "stacks", "gatsby-site", "dev.json");
  if (!existsSync(file)) return [];
  try {
    const { latest } = (JSON.parse(readFileSync(file, "utf8")) as Checkpoint).checkpoint;
    return (latest?.pending_operations ?? []).map(
      ({ type, resource }) => `${type} ${resource.type}`,
    );
  } catch {
    return []; // It is being written.
  }
}

/** Runs `make up` and kills it, with all its child processes, when it has begun an operation. */
export async function killMakeUpAt(operation: string, command = "make up"): Promise<void> {
  await killAt(start(command), () => pendingOperations().includes(operation));
}

/** Kills a command, with all its child processes, as soon as a condition is true. */
export async function killAt(
  { ended, pid }: ReturnType<typeof start>,
  hasCome: () => boolean | Promise<boolean>,
): Promise<void> {
  await pWaitFor(hasCome, { interval: 5, timeout: 5 * 60_000 });
  // `slipway` runs Pulumi in a session of its own, and its guard would let it exit in order.
  const engines = listDescendants(pid).filter((one) => readProgram(one) === "pulumi");
  const sessions = new Set(engines.flatMap((one) => readProcess(one)?.session ?? []));
  const guards = listDescendants(pid).filter((one) =>
    readCommandLine(one).includes("slipway-guard"),
  );
  const others = [...sessions].flatMap((session) => listSession(session).map((one) => one.pid));
  for (const target of [...guards, -pid, ...others]) tryKill(target);
  await ended;
}

/** Lists the processes that a process started, and those that they started. */
function listDescendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => readFile(entry, "status").includes(`\nPPid:\t${pid}\n`))
    .map(Number);
  return children.flatMap((child) => [child, ...listDescendants(child)]);
}

function readProgram(pid: number): string {
  return readFile(String(pid), "comm").trim();
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/**
 * Lists the command lines of the sandbox's own running plugins: the stand-ins, and the dynamic provider's launcher.
 */
export function listOwnPlugins(): string[] {
  const folder = join(checkout, ".sandbox", "test", "plugins");
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => readCommandLine(Number(entry)))
    .filter((line) => line.includes(folder) || line.includes(" dynamic-provider "));
}

function readCommandLine(pid: number): string {
  return readFile(String(pid), "cmdline").replaceAll("\0", " ");
}

function readFile(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return ""; // It has ended.
  }
}

/**
 * Lists the names of the project's deploy tokens in GitLab.
 *
 * @param stack of this stack alone; default: of all stacks and people
 */
export async function listDeployTokens(stack?: string): Promise<string[]> {
  const start = stack === undefined ? "" : `slipway/gatsby-site/${stack}/`;
  const tokens = await inSandbox(
    'curl --silent --fail --cacert "$SSL_CERT_FILE" --header "PRIVATE-TOKEN: $GITLAB_TOKEN" https://gitlab.thelinuxlabs.com/api/v4/projects/web%2Fgatsby-site/deploy_tokens',
  );
  const names = (JSON.parse(tokens) as { name: string }[]).map(({ name }) => name);
  return names.filter((name) => name.startsWith(start)).sort();
}
