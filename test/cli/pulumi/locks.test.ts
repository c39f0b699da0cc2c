import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import { isStaleLock } from "../../../cli/pulumi/locks";
import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { ended, FakeIo } from "../../support/cli";

const locked = (...locks: [host: string, pid: number][]) =>
  [
    `error: the stack is currently locked by ${locks.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.`,
    ...locks.map(
      ([host, pid]) =>
        `  file:///state/.pulumi/locks/organization/site/prod/1.json: created by root@${host} (pid ${pid}) at 2026-11-24T21:41:14Z`,
    ),
  ].join("\n");
const here = hostname();
/** No process has it: the kernel's highest is far below. */
const deadPid = 2 ** 30;

let folder: string;
let pulumi: ChildProcess;
/** The number of a Pulumi that runs. */
let livePid: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "locks-"));
  const program = join(folder, "pulumi");
  copyFileSync("/bin/sleep", program);
  pulumi = spawn(program, ["600"]);
  await once(pulumi, "spawn");
  livePid = pulumi.pid ?? 0;
});

afterAll(() => {
  pulumi.kill();
  rmSync(folder, { recursive: true });
});

describe("isLockedByTheDead", () => {
  it.each<[string, () => string, boolean]>([
    ["a process that is gone", () => locked([here, deadPid]), true],
    ["a Pulumi that runs", () => locked([here, livePid]), false],
    ["another program that has the number by now", () => locked([here, process.pid]), true],
    ["another machine's process", () => locked(["elsewhere", deadPid]), false],
    ["one that is gone and one that runs", () => locked([here, deadPid], [here, livePid]), false],
    ["nobody who is named", () => locked(), false],
  ])("looks at %s", (_, stderr, expected) => {
    expect(isStaleLock(stderr())).toBe(expected);
  });

  it("looks at no other failure", () => {
    expect(isStaleLock(`error: created by root@${here} (pid ${deadPid}) at noon`)).toBe(false);
  });
});

describe("Pulumi.update", () => {
  it("takes the lock of a killed update away, and goes on", async () => {
    const io = new FakeIo({ prod: {} });
    io.updates = [ended(255, "", locked([here, deadPid]))];

    expect(await new Pulumi(io, ".").update("prod")).toBe(true);
    expect(io.captured).toEqual(["pulumi cancel --yes --stack prod"]);
    expect(io.printed).toEqual(["The update that locks `prod` was killed: its lock is removed."]);
    expect(io.streamed).toHaveLength(2);
  });

  it("leaves the lock of an update that runs", async () => {
    const io = new FakeIo({ prod: {} });
    io.updates = [ended(255, "", locked([here, livePid]))];

    expect(await new Pulumi(io, ".").update("prod")).toBe(false);
    expect([io.captured, io.streamed.length]).toEqual([[], 1]);
  });
});
