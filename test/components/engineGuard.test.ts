import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// A process that runs TypeScript starts slowly on a busy machine.
jest.setTimeout(60_000);

let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guard-"));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Starts a script; what it prints can be read from its pipe. */
function start(script: string): ChildProcess {
  const file = join(folder, `${children.length}.js`);
  writeFileSync(file, script);
  const tsx = resolve("node_modules/tsx/dist/cjs/index.cjs");
  const child = spawn(process.execPath, ["-r", tsx, file], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

const readLine = async (child: ChildProcess): Promise<string> => {
  const [data] = (await once(child.stdout!, "data")) as [Buffer];
  return data.toString().trim();
};

/** A program whose SDK is connected to the engine at a port, and that has more to do than it ever ends. */
const program = (port: string, rest = "") => `
  const pulumi = require(${JSON.stringify(resolve("node_modules/@pulumi/pulumi"))});
  pulumi.runtime.resetOptions("web", "dev", -1, "127.0.0.1:${port}", "127.0.0.1:${port}", false, "organization");
  const { exitWithEngine } = require(${JSON.stringify(resolve("components/engineGuard.ts"))});
  exitWithEngine();
  setInterval(() => {}, 1000);
  ${rest}
  console.log("started");
`;

const engine = `
  const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    console.log(server.address().port);
  });
`;

describe("exitWithEngine", () => {
  it("ends the program when its engine is killed, and not before", async () => {
    const killed = start(engine);
    const running = start(program(await readLine(killed)));
    await readLine(running);
    await new Promise((wake) => setTimeout(wake, 3000));
    expect(running.exitCode).toBeNull();

    killed.kill("SIGKILL");
    expect(await once(running, "exit")).toEqual([1, null]);
  });

  it("ends a program that reports its failed report to nobody", async () => {
    // As the SDK does: what can't be delivered is logged, and what fails there is an uncaught error.
    const loop = `process.on("uncaughtException", (error) => console.error(error)); setInterval(() => console.error("log"), 10);`;
    const running = start(program(await readLine(start(engine)), loop));
    await readLine(running);

    running.stderr!.destroy();
    expect(await once(running, "exit")).toEqual([1, null]);
  });
});
