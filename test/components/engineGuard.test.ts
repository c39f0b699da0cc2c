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

/** A program whose SDK is connected to the engine at a port, by default with more to do than it ever ends. */
const program = (port: string, rest = endless, options = "") => `
  const pulumi = require(${JSON.stringify(resolve("node_modules/@pulumi/pulumi"))});
  pulumi.runtime.resetOptions("web", "dev", -1, "127.0.0.1:${port}", "127.0.0.1:${port}", false, "organization");
  const { guardProgram } = require(${JSON.stringify(resolve("components/engineGuard.ts"))});
  const finish = guardProgram(${options});
  ${rest}
  console.log("started");
`;

const endless = "setInterval(() => {}, 1000);";

const engine = `
  const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    console.log(server.address().port);
  });
`;

describe("guardProgram", () => {
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
    const loop = `process.on("uncaughtException", (error) => console.error(error)); setInterval(() => console.error("log"), 10); ${endless}`;
    const running = start(program(await readLine(start(engine)), loop));
    await readLine(running);

    running.stderr!.destroy();
    expect(await once(running, "exit")).toEqual([1, null]);
  });

  it.each([
    ["", "Error: trace"],
    ["1", "mapped"],
  ])("maps no stack traces, unless promises are debugged: %j", async (debug, expected) => {
    const before = `
      Error.prepareStackTrace = () => "mapped";
      process.env.PULUMI_DEBUG_PROMISE_LEAKS = ${JSON.stringify(debug)};`;
    const rest = 'console.log(new Error("trace").stack.split("\\n")[0]); process.exit();';
    const running = start(before + program(await readLine(start(engine)), rest));
    expect(await readLine(running)).toBe(expected);
  });

  const never = "new Promise(() => {})";
  const later = `new Promise((known) => setTimeout(known, 3000, "a").unref())`;
  it.each([
    ["waits for an output that nothing settles", `finish({ url: pulumi.output(${never}) });`, 1],
    ["never comes to its outputs", `${never}.then(() => finish({}));`, 1],
    ["waits for what Node does not know of", `finish({ url: pulumi.output(${later}) });`, 0],
    ["has its outputs", `finish({ url: pulumi.output("https://a"), tier: "staging" });`, 0],
    ["has outputs that a preview does not know", `finish({ url: pulumi.unknown });`, 0],
    ["has an output that failed", `finish({ url: Promise.reject(new Error()) });`, 0],
    ["has failed before", `pulumi.log.hasErrors = () => true; ${never};`, 0],
  ])("lets a program end as it should that %s", async (_, rest, code) => {
    const running = start(program(await readLine(start(engine)), rest, "{ idleLimitMs: 5000 }"));
    let said = "";
    running.stderr!.setEncoding("utf8").on("data", (text: string) => (said += text));

    expect(await once(running, "close")).toEqual([code, null]);
    expect(said).toBe(
      code === 1
        ? "error: The program waits for nothing, and its outputs are not known. This is a bug in slipway: please report it. Nothing was deleted, and the next update continues.\n"
        : "",
    );
  });
});
