import { readBootId, readPidNamespace, readProcess } from "./procFiles";

/**
 * Identifies one process permanently. A process id alone does not: it is used again later, and on other
 * machines.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
  readonly pidNamespace: string;
}

/**
 * Identifies a process that runs on this machine.
 *
 * @returns undefined if it has ended, or if the system is not Linux
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const [bootId, pidNamespace, status] = [readBootId(), readPidNamespace(), readProcess(pid)];
  if (bootId === undefined || pidNamespace === undefined || status === undefined) return undefined;
  return { pid, startTicks: status.startTicks, bootId, pidNamespace };
}

/**
 * Whether it is certain that a process has ended. It never is after a restart of the machine or in another
 * container: only the same boot and the same process namespace have comparable ids.
 */
export function hasEnded({ bootId, pid, pidNamespace, startTicks }: ProcessIdentity): boolean {
  if (bootId !== readBootId() || pidNamespace !== readPidNamespace()) return false;
  const status = readProcess(pid);
  return status === undefined || status.startTicks !== startTicks || /[ZX]/.test(status.state);
}
