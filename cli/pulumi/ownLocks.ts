import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

import { hasEnded, identifyProcess, type ProcessIdentity } from "../process/identity";
import type { StackLock } from "./locks";

/** Folder beside Pulumi.yaml with one file for each lock that was taken from here and not released. */
const folder = join(".slipway", "locks");

const pollMs = 100;

/** Content of such a file. */
interface Note {
  /** Path of the lock's own file. */
  readonly lock: string;
  /** The `pulumi` that took it. */
  readonly process: ProcessIdentity;
}

/** The operation that may take a lock. */
export interface LockTaker {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Name of the stack, without organization and project. */
  readonly stack: string;
  /** Process of the `pulumi` that takes the lock. */
  readonly pid: number;
}

/**
 * Notes the lock that an operation takes, so that a later command can prove whose lock it is. The lock's own
 * content proves nothing: many machines and containers have the same host name, and process ids are used again.
 */
export class LockNote {
  private readonly identity: ProcessIdentity | undefined;
  private readonly startedAt = Date.now();
  private timer: NodeJS.Timeout | undefined;
  private lock: string | undefined;

  /** @param taker an operation that has just been started */
  constructor(private readonly taker: LockTaker) {
    this.identity = identifyProcess(taker.pid);
  }

  /**
   * Waits for the lock and notes it.
   *
   * @param state folder `.pulumi` of a state that is kept in files; other backends do not show the files of
   *   their locks
   */
  public watch(state: string): void {
    const locks = join(state, "locks");
    const look = (): void => {
      this.lock = listLocks(locks).find((file) => this.isOwn(file));
      if (this.lock === undefined) this.timer = setTimeout(look, pollMs).unref();
      else this.write(this.lock);
    };
    if (this.identity !== undefined) look();
  }

  /** Stops waiting when the operation has ended. The lock of a killed engine stays, and so does the note. */
  public end(): void {
    clearTimeout(this.timer);
    if (this.lock !== undefined && !existsSync(this.lock)) forget(this.taker.cwd, this.lock);
  }

  /**
   * Whether a file is the lock of this operation. It is in a folder with the stack's name. A lock of another
   * operation on this stack is older, or else this operation never gets a lock of its own.
   */
  private isOwn(file: string): boolean {
    const { pid, stack } = this.taker;
    if (basename(dirname(file)) !== stack) return false;
    const lock = readJson<{ pid?: number; hostname?: string; timestamp?: string }>(file);
    return (
      lock?.pid === pid &&
      lock.hostname === hostname() &&
      Date.parse(lock.timestamp ?? "") >= this.startedAt
    );
  }

  private write(lock: string): void {
    const { cwd } = this.taker;
    const note = { lock, process: this.identity };
    try {
      mkdirSync(join(cwd, folder), { recursive: true });
      writeFileSync(join(cwd, folder, basename(lock)), JSON.stringify(note));
    } catch {
      // Without the note, the lock of a killed update has to be removed by hand.
    }
  }
}

/**
 * Removes locks if it is certain that operations on this machine took all of them and ended without unlocking.
 * It removes only the files of these locks: `pulumi cancel` would also remove the lock of an update that has
 * started meanwhile.
 *
 * @returns whether the locks are removed
 */
export function removeOwnStaleLocks(cwd: string, locks: readonly StackLock[]): boolean {
  const notes = locks.map(({ file, pid }) => {
    const note = readJson<Note>(join(cwd, folder, file));
    return note?.process.pid === pid && hasEnded(note.process) ? note : undefined;
  });
  if (!notes.every((note) => note !== undefined)) return false;
  for (const { lock } of notes) {
    rmSync(lock, { force: true });
    // Pulumi keeps a file's attributes in one beside it.
    rmSync(`${lock}.attrs`, { force: true });
    forget(cwd, lock);
  }
  return true;
}

/**
 * Whether an operation on a stack was killed that was started here: it has ended, and its lock is still there.
 *
 * @param stack name, without organization and project
 */
export function hasOwnStaleLock(cwd: string, stack: string): boolean {
  return listLocks(join(cwd, folder)).some((file) => {
    const note = readJson<Note>(file);
    return (
      note !== undefined &&
      basename(dirname(note.lock)) === stack &&
      existsSync(note.lock) &&
      hasEnded(note.process)
    );
  });
}

function forget(cwd: string, lock: string): void {
  rmSync(join(cwd, folder, basename(lock)), { force: true });
}

function listLocks(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Returns undefined for a file that is still being written, since it is not JSON yet. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
