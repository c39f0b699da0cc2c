import { basename } from "node:path";

import { UserError } from "../errors";

/** A lock on a stack, as a backend without Pulumi Cloud reports it. */
export interface StackLock {
  /** Name of the lock's file: a UUID and `.json`. */
  readonly file: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** When it was taken, in RFC 3339. */
  readonly since: string;
}

const lockPattern = /^\s*(\S+): created by (.+)@(\S+) \(pid (\d+)\) at (\S+)\s*$/gm;

/**
 * Reads which locks stopped an operation.
 *
 * @param stderr of `pulumi up`, `pulumi refresh` or `pulumi import`
 * @returns empty if the operation failed for another reason
 */
export function readLocks(stderr: string): StackLock[] {
  if (!stderr.includes("the stack is currently locked")) return [];
  return [...stderr.matchAll(lockPattern)].map(([, url, user, host, pid, since]) => ({
    // The URL of a `file:` backend ends with `?no_tmp_dir=true`.
    file: basename(url.replace(/\?.*$/, "")),
    user,
    host,
    pid: Number(pid),
    since,
  }));
}

/** An operation did not start because another one holds the stack's lock. */
export class StackLockedError extends UserError {
  constructor(stack: string, locks: readonly StackLock[]) {
    const holders = locks.map(
      ({ host, pid, since, user }) =>
        `  by ${user}@${host}, process ${pid}, since ${since.replace("T", " ")}`,
    );
    super(
      [
        `\`${stack}\` is locked:`,
        ...holders,
        "An update is running there, or was killed there; which of the two can't be seen from here. Wait for it, or ask the person who started it. If no update is running there any more, remove the lock and run this again:",
        `    pulumi cancel --yes --stack ${stack}`,
      ].join("\n"),
    );
  }
}
