import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Whether an update was refused because of locks that nobody holds any more: all are this machine's, and
 * their processes are gone.
 *
 * @param stderr what `pulumi up` complained of; a backend of one's own names each lock's process there
 */
export function isStaleLock(
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

/** A number may be another program's by now; and who was killed may wait for its parent to notice. */
function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process runs, too.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const status = tryRead(`/proc/${pid}/status`);
  // Other systems than Linux don't tell.
  if (status === undefined) return process.platform !== "linux";
  return /^Name:\s*pulumi/m.test(status) && !/^State:\s*[ZX]/m.test(status);
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
