import { readBootId, readPidNamespace, readProcess } from "./procFiles";

/** Names one process for good: an id alone is given to another process later, here or on another machine. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
  readonly pidNamespace: string;
}

/**
 * Identifies a process that runs on this machine.
 *
 * @returns undefined if it has ended, or if the system does not tell (only Linux does)
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const [bootId, pidNamespace, status] = [readBootId(), readPidNamespace(), readProcess(pid)];
  if (bootId === undefined || pidNamespace === undefined || status === undefined) return undefined;
  return { pid, startTicks: status.startTicks, bootId, pidNamespace };
}

/**
 * Whether a process has certainly ended. After a restart of the machine, or from another container, that can't
 * be known: the same boot and the same process namespace are needed to look.
 */
export function hasEnded({ bootId, pid, pidNamespace, startTicks }: ProcessIdentity): boolean {
  if (bootId !== readBootId() || pidNamespace !== readPidNamespace()) return false;
  const status = readProcess(pid);
  return status === undefined || status.startTicks !== startTicks || /[ZX]/.test(status.state);
}
