import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import type { Instance } from "../../sandbox/instance";
import { breakDeadLocks } from "../../sandbox/recover";

let root: string;
let lock: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "recover-"));
  const folder = join(
    ...[root, "pulumi", "state", ".pulumi", "locks", "organization", "gatsby-site", "dev"],
  );
  mkdirSync(folder, { recursive: true });
  lock = join(folder, "lock.json");
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function breakLocks(): void {
  breakDeadLocks({ instance: { root } as Instance, stack: "dev", environment: {} });
}

function writeLock(values: { pid: number; hostname: string }): void {
  writeFileSync(lock, JSON.stringify({ ...values, username: "someone", timestamp: "" }));
}

/** The id of a process that has ended. */
function deadProcess(): number {
  return spawnSync("true").pid;
}

describe("breakDeadLocks", () => {
  it("removes the lock of a process that is gone", () => {
    writeLock({ pid: deadProcess(), hostname: hostname() });
    breakLocks();
    expect(existsSync(lock)).toBe(false);
  });

  it("removes a lock whose process id is another program's by now", () => {
    writeLock({ pid: process.pid, hostname: hostname() });
    breakLocks();
    expect(existsSync(lock)).toBe(false);
  });

  it("keeps another machine's lock, and says whose it is", () => {
    writeLock({ pid: deadProcess(), hostname: "elsewhere" });
    expect(breakLocks).toThrow(
      /Stack `dev` is locked by `pulumi`, process \d+ of someone on elsewhere\./,
    );
    expect(existsSync(lock)).toBe(true);
  });

  it("removes a lock that was cut off", () => {
    writeFileSync(lock, "{");
    breakLocks();
    expect(existsSync(lock)).toBe(false);
  });
});
