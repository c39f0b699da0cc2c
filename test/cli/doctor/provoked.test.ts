import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { explain } from "../../../cli/doctor/explain";
import { buildMessages } from "../../../cli/doctor/messages/index";
import { createServerCertificate } from "../../support/certificates";

let folder: string;
const servers: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-messages-"));
  writeFileSync(join(folder, "package.json"), '{"name":"site","version":"1.0.0"}');
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program of Node's, without anybody's configuration, and returns what it prints. */
function run(program: string, ...args: string[]): Promise<string> {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
  };
  const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(output));
  });
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Installs a package from a registry. */
const install = (registry: string) =>
  run("npm", "install", "@slipway/none", "--registry", registry, "--no-audit", "--no-fund");

const answerWith =
  (status: number): RequestListener =>
  (_, response) =>
    response.writeHead(status).end("{}");

/** Messages that this test provokes, by how; the table names this file for each. */
const provoked: Record<string, () => Promise<string>> = {
  "can only install with an existing package-lock": () => run("npm", "ci"),
  "npm error code E401": async () =>
    install(`http://127.0.0.1:${await listen(createServer(answerWith(401)))}/`),
  "npm error code E404": async () =>
    install(`http://127.0.0.1:${await listen(createServer(answerWith(404)))}/`),
  "npm error code ECONNREFUSED": () => install("http://127.0.0.1:1/"),
  SELF_SIGNED_CERT_IN_CHAIN: async () => {
    const pair = await createServerCertificate({ commonName: "localhost", hosts: ["localhost"] });
    return install(`https://localhost:${await listen(createTlsServer(pair, answerWith(200)))}/`);
  },
  "JavaScript heap out of memory": () =>
    run(
      "node",
      "--max-old-space-size=16",
      "-e",
      "const a = []; for (;;) a.push([...'x'.repeat(9999)])",
    ),
  "Cannot find module '<module>'": () => run("node", "-e", "require('tailwindcss')"),
};

describe("programs of a build", () => {
  it.each(Object.keys(provoked))("print %j, which is explained", async (message) => {
    const output = await provoked[message]?.();
    expect({ output, found: explain(output ?? "", buildMessages)?.message }).toMatchObject({
      found: message,
    });
  });

  it("are named in the table for these messages, and for no others", () => {
    const named = buildMessages.filter(({ provokedBy }) =>
      provokedBy?.endsWith("provoked.test.ts"),
    );
    expect(named.map(({ message }) => message).sort()).toEqual(Object.keys(provoked).sort());
  });
});
