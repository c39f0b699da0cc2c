import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor, { TimeoutError } from "p-wait-for";

import type { Instance } from "./instance";

/** A long-running program of the sandbox. */
export interface Service {
  /** Name of its log, `log/<name>.log`, and of its record, `services/<name>.json`. */
  readonly name: string;
  /** Program and arguments. Secrets belong in files: every user can read a command line. */
  readonly command: readonly string[];
  /** Additional environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Configuration files that the program reads only at its start; if they change, the next `up` restarts it. */
  readonly reads?: readonly string[];
  /** Whether the service is ready. An exception counts as no, and its text is shown after the timeout. */
  readonly ready: () => Promise<boolean>;
  /** @default 60 seconds */
  readonly readyWithinSeconds?: number;
}

interface Running {
  readonly pid: number;
  /**
   * In clock ticks since boot. Together with the boot's id it distinguishes a process from a later one with the same
   * PID.
   */
  readonly startTime: string;
  readonly boot: string;
  readonly checksum: string;
}

/** Environment variable that holds the instance's id in every process of an instance. */
export const instanceVariable = "SLIPWAY_INSTANCE";

const logLinesShown = 20;
const stopSeconds = 10;

/** Starts the service unless it already runs with the same command and configuration. */
export async function startService(
  instance: Instance,
  service: Service,
): Promise<"kept" | "started"> {
  const checksum = computeChecksum(service);
  const running = readRunning(instance, service.name);
  if (running?.checksum === checksum) {
    await waitUntilReady(instance, service, running.pid);
    return "kept";
  }
  await stopService(instance, service.name);

  const [program, ...args] = service.command;
  if (program === undefined) throw new Error(`Service \`${service.name}\` has no command.`);
  mkdirSync(join(instance.root, "log"), { recursive: true });
  mkdirSync(join(instance.root, "services"), { recursive: true });
  const log = openSync(logOf(instance, service.name), "w");
  const child = spawn(program, args, {
    cwd: instance.root,
    detached: true,
    env: { ...process.env, ...service.environment, [instanceVariable]: instance.id },
    stdio: ["ignore", log, log],
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => resolve(child.pid ?? 0));
  });
  child.unref();

  const record: Running = { pid, startTime: startTimeOf(pid) ?? "", boot: bootId(), checksum };
  writeFileSync(recordOf(instance, service.name), JSON.stringify(record));
  await waitUntilReady(instance, service, pid);
  return "started";
}

/** Returns the service's process id if it runs. */
export function findService(instance: Instance, name: string): number | undefined {
  return readRunning(instance, name)?.pid;
}

/** Returns the id of the process that the service's program, such as `nsenter`, has started and waits for. */
export function findChild(instance: Instance, name: string): number | undefined {
  const parent = findService(instance, name);
  if (parent === undefined) return undefined;
  const [child] = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ");
  return child === undefined || child === "" ? undefined : Number(child);
}

/** Stops the service if it runs: asks it to end, and kills it after ten seconds. */
export async function stopService(instance: Instance, name: string): Promise<void> {
  const running = readRunning(instance, name);
  if (running !== undefined) await stopProcess(running.pid);
  rmSync(recordOf(instance, name), { force: true });
}

/** Stops a process, which must have been found to be of this instance. */
export async function stopProcess(pid: number): Promise<void> {
  const startTime = startTimeOf(pid);
  const isGone = (): boolean => startTimeOf(pid) !== startTime;
  if (startTime === undefined) return;

  signal(pid, "SIGTERM");
  try {
    await pWaitFor(isGone, { interval: 20, timeout: stopSeconds * 1000 });
  } catch {
    signal(pid, "SIGKILL");
    await pWaitFor(isGone, { interval: 20, timeout: stopSeconds * 1000 });
  }
}

/** Returns the last lines of a service's log. */
function readLogTail(instance: Instance, name: string): string {
  const file = logOf(instance, name);
  if (!existsSync(file)) return "";
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-logLinesShown).join("\n");
}

async function waitUntilReady(instance: Instance, service: Service, pid: number): Promise<void> {
  const limit = service.readyWithinSeconds ?? 60;
  const startTime = startTimeOf(pid);
  let reason = "";
  try {
    await pWaitFor(
      async () => {
        if (startTime === undefined || startTimeOf(pid) !== startTime) {
          throw new Error(describeEnd(instance, service, "ended before it was ready"));
        }
        try {
          return await service.ready();
        } catch (error) {
          reason = error instanceof Error ? error.message : String(error);
          return false;
        }
      },
      { interval: 100, timeout: limit * 1000 },
    );
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    const because = reason === "" ? "" : ` (${reason})`;
    throw new Error(
      describeEnd(instance, service, `was not ready within ${limit} seconds${because}`),
      { cause: error },
    );
  }
}

function describeEnd(instance: Instance, service: Service, what: string): string {
  return [
    `Service \`${service.name}\` ${what}. The end of its log, ${logOf(instance, service.name)}:`,
    ...readLogTail(instance, service.name)
      .split("\n")
      .map((line) => `  ${line}`),
    "Run `make up` to try again, `make down` to stop what runs.",
  ].join("\n");
}

function computeChecksum(service: Service): string {
  const hash = createHash("sha256").update(JSON.stringify([service.command, service.environment]));
  for (const file of service.reads ?? []) hash.update(readFileSync(file));
  return hash.digest("hex");
}

function readRunning(instance: Instance, name: string): Running | undefined {
  const file = recordOf(instance, name);
  if (!existsSync(file)) return undefined;
  try {
    const record = JSON.parse(readFileSync(file, "utf8")) as Running;
    return record.boot === bootId() && startTimeOf(record.pid) === record.startTime
      ? record
      : undefined;
  } catch {
    // The write was interrupted. The process, if it exists, is inside the node and ends with it.
    return undefined;
  }
}

function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name, can itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process ended in the meantime.
  }
}

function logOf(instance: Instance, name: string): string {
  return join(instance.root, "log", `${name}.log`);
}

function recordOf(instance: Instance, name: string): string {
  return join(instance.root, "services", `${name}.json`);
}
