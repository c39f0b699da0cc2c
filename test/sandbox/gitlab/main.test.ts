import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Agent, request } from "undici";

import { ControlClient } from "../../../sandbox/gitlab/control/client";
import { findFreePort } from "../../support/freePort";

const checkout = resolve(__dirname, "../../..");
const token = "glpat-of-the-program";
const folder = mkdtempSync(join(tmpdir(), "gitlab-main-"));
const file = (name: string): string => join(folder, name);
let running: ChildProcess | undefined;

beforeAll(() => {
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", file("key.pem"), "-out", file("certificate.pem")];
  const fixed = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  execFileSync("openssl", [...fixed, ...names, ...files], { stdio: "pipe" });
  writeFileSync(file("token"), `${token}\n`);
  writeFileSync(
    file("seed.json"),
    JSON.stringify({
      users: [
        {
          username: "dev",
          name: "Dev",
          personalAccessTokens: [{ name: "t", scopes: ["api"], valueFile: "token" }],
        },
      ],
    }),
  );
});
afterEach(() => running?.kill("SIGKILL"));
afterAll(() => rmSync(folder, { recursive: true }));

function start(changes: Record<string, string> = {}): {
  output: () => string;
  ended: Promise<unknown[]>;
} {
  const options = {
    listen: "127.0.0.1:0",
    url: "https://gitlab.example.com",
    registry: "gitlab.example.com:5050",
    "tls-certificate": file("certificate.pem"),
    "tls-key": file("key.pem"),
    "signing-key": file("key.pem"),
    issuer: "gitlab-issuer",
    data: file("data"),
    seed: file("seed.json"),
    ...changes,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, ["--import", "tsx", "sandbox/gitlab/main.ts", ...args], {
    cwd: checkout,
  });
  running = child;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  return { output: () => output, ended: once(child, "close") };
}

async function until(condition: () => boolean, what: () => string): Promise<void> {
  const limit = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`Not in time: ${what()}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

describe("the program", () => {
  it("says in one line that it listens, serves, and stops when asked", async () => {
    const port = await findFreePort();
    const controlPort = await findFreePort();
    const { output, ended } = start({
      listen: `127.0.0.1:${port}`,
      control: `127.0.0.1:${controlPort}`,
    });
    await until(() => output().includes("\n"), output);
    const control = `http://127.0.0.1:${controlPort}`;
    expect(output()).toBe(
      `GitLab simulator: https://gitlab.example.com, listening on 127.0.0.1:${port}, control on ${control}\n`,
    );
    expect(await new ControlClient(control).maintenance()).toEqual({ mode: "off" });

    const dispatcher = new Agent({ connect: { ca: readFileSync(file("certificate.pem")) } });
    const response = await request(`https://127.0.0.1:${port}/api/v4/user`, {
      dispatcher,
      headers: { "private-token": token },
    });
    expect(await response.body.json()).toMatchObject({
      username: "dev",
      web_url: "https://gitlab.example.com/dev",
    });

    // The client's connection is still open: it must not keep the server.
    running!.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    await dispatcher.close();
    expect(output()).not.toContain(token);
  }, 60_000);

  it("says what is wrong and ends", async () => {
    writeFileSync(file("wrong.json"), JSON.stringify({ projects: [{ path: "lone" }] }));

    const { output, ended } = start({ seed: file("wrong.json") });

    expect(await ended).toEqual([1, null]);
    expect(output()).toBe(
      "The seed has 1 problem:\n  - `project lone` is in no group of the seed. Add the group to `groups`.\n",
    );
  }, 60_000);
});
