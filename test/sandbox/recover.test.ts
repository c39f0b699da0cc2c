import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

async function breakLocks(): Promise<void> {
  await breakDeadLocks({ instance: { root } as Instance, stack: "dev", environment: {} });
}

function writeLock(values: { pid: number; hostname: string }): void {
  writeFileSync(lock, JSON.stringify({ ...values, username: "someone", timestamp: "" }));
}

/** The id of a process that has ended. */
function deadProcess(): number {
  return spawnSync("true").pid;
}

describe("breakDeadLocks", () => {
  it("removes the lock of a process that is gone", async () => {
    writeLock({ pid: deadProcess(), hostname: hostname() });
    await breakLocks();
    expect(existsSync(lock)).toBe(false);
  });

  it("removes a lock whose process id is another program's by now", async () => {
    writeLock({ pid: process.pid, hostname: hostname() });
    await breakLocks();
    expect(existsSync(lock)).toBe(false);
  });

  it("keeps another machine's lock, and says whose it is", async () => {
    writeLock({ pid: deadProcess(), hostname: "elsewhere" });
    await expect(breakLocks()).rejects.toThrow(
      /Stack `dev` is locked by `pulumi`, process \d+ of someone on elsewhere\./,
    );
    expect(existsSync(lock)).toBe(true);
  });

  it("keeps the lock of a Pulumi that runs", async () => {
    const program = join(root, "pulumi-that-runs");
    copyFileSync("/bin/sleep", program);
    const running = spawn(program, ["60"]);
    try {
      await once(running, "spawn");
      writeLock({ pid: running.pid ?? 0, hostname: hostname() });
      await expect(breakLocks()).rejects.toThrow(`process ${running.pid} of someone`);
      expect(existsSync(lock)).toBe(true);
    } finally {
      running.kill();
    }
  });

  it("removes a lock that was cut off", async () => {
    writeFileSync(lock, "{");
    await breakLocks();
    expect(existsSync(lock)).toBe(false);
  });
});
