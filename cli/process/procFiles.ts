import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What Linux says about one process. */
export interface ProcessStatus {
  readonly pid: number;
  /** One letter; `Z` is a process that has ended and whose parent has not noticed yet. */
  readonly state: string;
  /** Id of the process that started the session. */
  readonly session: number;
  /** Time of its start, in clock ticks since the machine started. */
  readonly startTicks: string;
}

/**
 * Reads the status of a process.
 *
 * @returns undefined if there is no such process, or if the system is not Linux
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function readProcess(pid: number): ProcessStatus | undefined {
  const text = tryRead(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name of the program stands in parentheses and may contain any character.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { pid, state: fields[0], session: Number(fields[3]), startTicks: fields[19] };
}

/** Lists the processes of a session that have not ended; empty if the system is not Linux. */
export function listSession(session: number): ProcessStatus[] {
  return tryList("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])
    .filter((status) => status.session === session && status.state !== "Z");
}

/** Id of the current boot of this machine; undefined if the system is not Linux. */
export function readBootId(): string | undefined {
  return tryRead("/proc/sys/kernel/random/boot_id")?.trim();
}

/** Name of the namespace in which this process's ids count, such as `pid:[4026531836]`. */
export function readPidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function tryList(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
