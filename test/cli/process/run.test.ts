import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { listSession } from "../../../cli/process/procFiles";

/**
 * An engine with a plugin, which holds its pipes open as long as it runs. It ends when it is asked to,
 * like Pulumi, and the plugin with it; one that is stubborn does not.
 */
const engine = `
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");
const [folder, manner] = process.argv.slice(1);
const plugin = spawn("sleep", ["600"], { stdio: "inherit" });
writeFileSync(folder + "/plugin", String(plugin.pid));
const end = (signal) => {
  writeFileSync(folder + "/signal", signal);
  if (manner === "stubborn") return;
  plugin.kill("SIGKILL");
  process.exit(9);
};
process.on("SIGINT", end).on("SIGTERM", end);
setInterval(() => {}, 1000);
writeFileSync(folder + "/engine", String(process.pid));
`;

const timeoutMs = 30_000;
let folder: string;
let slipway: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-"));
});

afterEach(() => {
  for (const { pid } of sessions()) process.kill(pid, "SIGKILL");
  slipway.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const read = (name: string) => readFileSync(join(folder, name), "utf8");
const sessions = () =>
  existsSync(join(folder, "engine")) ? listSession(Number(read("engine"))) : [];

async function waitUntil(isSo: () => boolean): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!isSo() && Date.now() < end) await new Promise((wake) => setTimeout(wake, 50));
  expect(isSo()).toBe(true);
}

/** A process that runs the engine as `slipway up` runs Pulumi. */
async function start(manner = "willing"): Promise<void> {
  const program = join(folder, "slipway.js");
  const script = [
    `require("tsx/cjs");`,
    `const { createIo } = require(${JSON.stringify(resolve("cli/io.ts"))});`,
    `const args = ["-e", ${JSON.stringify(engine)}, ${JSON.stringify(folder)}, ${JSON.stringify(manner)}];`,
    `createIo().stream(process.execPath, args, ".").then(({ code }) => {`,
    `  require("node:fs").writeFileSync(${JSON.stringify(join(folder, "code"))}, String(code));`,
    `});`,
  ];
  writeFileSync(program, script.join("\n"));
  slipway = spawn(
    process.execPath,
    ["-r", resolve("node_modules/tsx/dist/cjs/index.cjs"), program],
    {
      stdio: "ignore",
      detached: true,
      env: { ...process.env, NODE_PATH: resolve("node_modules") },
    },
  );
  await waitUntil(() => existsSync(join(folder, "engine")));
}

describe("runProgram", () => {
  it.each<[NodeJS.Signals, string]>([
    ["SIGINT", "SIGINT"],
    ["SIGTERM", "SIGTERM"],
    ["SIGHUP", "SIGTERM"],
  ])("passes %s on, and ends after the program", async (signal, received) => {
    await start();
    slipway.kill(signal);
    await once(slipway, "exit");
    expect(read("signal")).toBe(received);
    expect(read("code")).toBe("9");
    expect(sessions()).toEqual([]);
  });

  it("passes a signal on once that the terminal and npm both send", async () => {
    await start("stubborn");
    slipway.kill("SIGINT");
    await waitUntil(() => existsSync(join(folder, "signal")));
    rmSync(join(folder, "signal"));
    slipway.kill("SIGINT");
    await new Promise((wake) => setTimeout(wake, 300));
    expect(existsSync(join(folder, "signal"))).toBe(false);
  });

  it.each(["willing", "stubborn"])(
    "leaves nothing of a %s program behind when it is killed itself",
    async (manner) => {
      await start(manner);
      expect(sessions()).toHaveLength(2);
      process.kill(-(slipway.pid ?? 0), "SIGKILL");
      await waitUntil(() => sessions().length === 0);
      expect(read("signal")).toBe("SIGTERM");
    },
  );

  it("leaves no plugin behind when the engine is killed", async () => {
    await start();
    process.kill(Number(read("engine")), "SIGKILL");
    await once(slipway, "exit");
    expect(read("code")).toBe("-1");
    expect(sessions()).toEqual([]);
  });
});
