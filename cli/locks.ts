import { hostname } from "node:os";

/**
 * Whether an update was refused because of locks that nobody holds any more: all are this machine's, and
 * their processes are gone.
 *
 * @param stderr what `pulumi up` complained of; a backend of one's own names each lock's process there
 */
export function isLockedByTheDead(
  stderr: string,
  isRunning: (pid: number) => boolean = isProcessRunning,
): boolean {
  if (!stderr.includes("the stack is currently locked")) return false;
  const locks = [...stderr.matchAll(/: created by \S+@(\S+) \(pid (\d+)\) at /g)];
  return (
    locks.length > 0 &&
    locks.every(([, host, pid]) => host === hostname() && !isRunning(Number(pid)))
  );
}

function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process runs, too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
