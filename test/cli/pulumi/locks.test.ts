import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { readLocks } from "../../../cli/pulumi/locks";
import { hasOwnStaleLock, LockNote, removeOwnStaleLocks } from "../../../cli/pulumi/ownLocks";
import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { ended, FakeIo } from "../../support/cli";

const since = "2026-11-24T21:41:14Z";
const lockError = (...locks: { file: string; pid: number; host?: string }[]) =>
  [
    `error: the stack is currently locked by ${locks.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.`,
    ...locks.map(
      ({ file, host = hostname(), pid }) =>
        `  file://${file}?no_tmp_dir=true: created by root@${host} (pid ${pid}) at ${since}`,
    ),
  ].join("\n");

let cwd: string;
let state: string;
let lock: string;
let engine: ChildProcess;
let pid: number;

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), "locks-"));
  state = join(cwd, "state", ".pulumi");
  lock = join(state, "locks", "organization", "site", "prod", "b2c1.json");
  engine = spawn("sleep", ["600"]);
  await once(engine, "spawn");
  pid = engine.pid ?? 0;
});

afterEach(async () => {
  await kill();
  rmSync(cwd, { recursive: true });
});

async function kill(): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return;
  engine.kill("SIGKILL");
  await once(engine, "exit");
}

function takeLock(file = lock, content: object = {}): void {
  mkdirSync(dirname(file), { recursive: true });
  const timestamp = new Date().toISOString();
  writeFileSync(file, JSON.stringify({ pid, hostname: hostname(), timestamp, ...content }));
  writeFileSync(`${file}.attrs`, "{}");
}

const deadlineMs = 5000;

/** Waits until a note is there. */
async function waitForNote(): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (notes().length === 0 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const notes = () => {
  const folder = join(cwd, ".slipway", "locks");
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** Notes the lock that the engine takes. */
async function noteLock(): Promise<LockNote> {
  const note = new LockNote({ cwd, stack: "prod", pid });
  note.watch(state);
  takeLock();
  await waitForNote();
  return note;
}

const locks = () => readLocks(lockError({ file: lock, pid }));

describe("readLocks", () => {
  it("reads who holds the lock", () => {
    expect(readLocks(lockError({ file: "/state/a.json", pid: 7, host: "build-1" }))).toEqual([
      { file: "a.json", user: "root", host: "build-1", pid: 7, since },
    ]);
  });

  it("reads nothing from other failures", () => {
    expect(readLocks("error: x.json: created by root@build (pid 7) at noon")).toEqual([]);
  });
});

describe("hasOwnStaleLock", () => {
  it("finds an operation of a stack that was killed, and none that runs or has released its lock", async () => {
    expect(hasOwnStaleLock(cwd, "prod")).toBe(false);
    await noteLock();
    expect(hasOwnStaleLock(cwd, "prod")).toBe(false);
    await kill();
    expect(hasOwnStaleLock(cwd, "prod")).toBe(true);
    expect(hasOwnStaleLock(cwd, "staging")).toBe(false);
    rmSync(lock);
    expect(hasOwnStaleLock(cwd, "prod")).toBe(false);
  });

  it("makes the last update one that failed: a killed engine writes nothing to the history", async () => {
    const stacks = { prod: { outputs: { digest: `sha256:${"a".repeat(64)}` }, last: "succeeded" } };
    const pulumi = new Pulumi(new FakeIo(stacks), cwd);
    expect(await pulumi.findStatus("prod")).toMatchObject({ hasFailed: false });
    await noteLock();
    await kill();
    expect(await pulumi.findStatus("prod")).toMatchObject({ hasFailed: true });
  });
});

describe("removeOwnStaleLocks", () => {
  it("removes the lock of an engine that was started here and was killed", async () => {
    const note = await noteLock();
    await kill();
    note.end();
    expect(removeOwnStaleLocks(cwd, locks())).toBe(true);
    expect([existsSync(lock), existsSync(`${lock}.attrs`), notes()]).toEqual([false, false, []]);
  });

  it("leaves the lock of an engine that runs", async () => {
    await noteLock();
    expect(removeOwnStaleLocks(cwd, locks())).toBe(false);
    expect(existsSync(lock)).toBe(true);
  });

  it("leaves a lock that was not taken from here, though host and process look like ours", async () => {
    takeLock();
    await kill();
    expect(removeOwnStaleLocks(cwd, locks())).toBe(false);
    expect(existsSync(lock)).toBe(true);
  });

  it("leaves all locks if one of them is another's", async () => {
    const note = await noteLock();
    await kill();
    note.end();
    const both = readLocks(lockError({ file: lock, pid }, { file: "/other.json", pid: 1 }));
    expect(removeOwnStaleLocks(cwd, both)).toBe(false);
    expect(existsSync(lock)).toBe(true);
  });

  it.each([
    ["boot", "bootId"],
    ["container", "pidNamespace"],
  ])("leaves the lock of another %s, whose processes can't be seen", async (_, field) => {
    const note = await noteLock();
    await kill();
    note.end();
    const file = join(cwd, ".slipway", "locks", "b2c1.json");
    const { bootId, pidNamespace, startTicks } = JSON.parse(
      JSON.stringify(readNote(file).process),
    ) as Record<string, string>;
    const process = { pid, bootId, pidNamespace, startTicks, [field]: "another" };
    writeFileSync(file, JSON.stringify({ lock, process }));
    expect(removeOwnStaleLocks(cwd, locks())).toBe(false);
    expect(existsSync(lock)).toBe(true);
  });

  it("removes the lock if another process has the engine's id by now", async () => {
    await noteLock();
    const file = join(cwd, ".slipway", "locks", "b2c1.json");
    const { process } = readNote(file);
    writeFileSync(file, JSON.stringify({ lock, process: { ...process, startTicks: "1" } }));
    expect(removeOwnStaleLocks(cwd, locks())).toBe(true);
  });
});

function readNote(file: string): { process: object } {
  return JSON.parse(readFileSync(file, "utf8")) as { process: object };
}

describe("LockNote", () => {
  it("is removed with the lock", async () => {
    const note = await noteLock();
    rmSync(lock);
    note.end();
    expect(notes()).toEqual([]);
  });

  it.each([
    ["of another stack", () => takeLock(join(dirname(dirname(lock)), "dev", "b2c1.json"))],
    ["of another host", () => takeLock(lock, { hostname: "another" })],
    ["of another process", () => takeLock(lock, { pid: 1 })],
  ])("is not made for a lock %s", async (_, take) => {
    const note = new LockNote({ cwd, stack: "prod", pid });
    note.watch(state);
    take();
    await new Promise((resolve) => setTimeout(resolve, 300));
    note.end();
    expect(notes()).toEqual([]);
  });

  it("is not made for a lock that was there before", async () => {
    takeLock(lock, { timestamp: "2026-11-24T21:41:14.5+01:00" });
    const note = new LockNote({ cwd, stack: "prod", pid });
    note.watch(state);
    await new Promise((resolve) => setTimeout(resolve, 300));
    note.end();
    expect(notes()).toEqual([]);
  });
});

describe("Pulumi.update", () => {
  it("removes the lock of a killed update of its own, and goes on", async () => {
    const io = new FakeIo({ prod: {} });
    const note = await noteLock();
    await kill();
    note.end();
    io.updates = [ended(255, "", lockError({ file: lock, pid }))];

    expect(await new Pulumi(io, cwd).update("prod")).toBe(true);
    expect(io.printed).toEqual([
      "An update of `prod` was killed on this machine. Removed its lock.",
    ]);
    expect(io.streamed).toHaveLength(2);
    expect(io.captured).not.toContain("pulumi cancel --yes --stack prod");
  });

  it("notes the lock of the update that it starts", async () => {
    const io = new FakeIo({ prod: {} });
    io.backend = `file://${join(cwd, "state")}`;
    io.startedAs = pid;
    const stream = io.stream.bind(io);
    jest.spyOn(io, "stream").mockImplementation(async (...args) => {
      await stream(...args);
      takeLock();
      await waitForNote();
      return ended(-1);
    });
    expect(await new Pulumi(io, cwd).update("organization/site/prod")).toBe(false);
    expect(notes()).toEqual(["b2c1.json"]);
  });

  it("says who holds the lock, and what to run if no update is running", async () => {
    const io = new FakeIo({ prod: {} });
    io.updates = [
      ended(255, "", lockError({ file: lock, pid: 7, host: "build" }, { file: "b.json", pid: 8 })),
    ];

    await expect(new Pulumi(io, cwd).update("prod")).rejects.toThrow(
      [
        "`prod` is locked:",
        "  by root@build, process 7, since 2026-11-24 21:41:14Z",
        `  by root@${hostname()}, process 8, since 2026-11-24 21:41:14Z`,
        "An update is running there, or was killed there; which of the two can't be seen from here. Wait for it, or ask the person who started it. If no update is running there any more, remove the lock and run this again:",
        "    pulumi cancel --yes --stack prod",
      ].join("\n"),
    );
    expect(io.streamed).toHaveLength(1);
  });
});
