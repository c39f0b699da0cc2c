import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

import pWaitFor from "p-wait-for";

import { ensureTools } from "../../../sandbox/tools/ensure";
import { findFreePort } from "../../support/freePort";

/** A running PostgreSQL server. */
export interface Postgres {
  /** URL for `PULUMI_BACKEND_URL`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL with an empty database: the machine's, or one unpacked from Debian's package. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const programs = await findPrograms();
  const data = join(folder, "data");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = spawnSync(
    ...asSomebody(join(programs, "initdb"), ["-D", data, "-U", "slipway", "--auth=trust", "-N"]),
  );
  if (made.status !== 0) throw new Error(`initdb failed:\n${String(made.stderr)}`);

  const port = await findFreePort();
  const address = ["-k", "", "-h", "127.0.0.1", "-p", String(port)];
  const server = spawn(...asSomebody(join(programs, "postgres"), ["-D", data, ...address]));
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const ended = new Promise((resolve) => server.once("close", resolve));
  await pWaitFor(() => log.includes("ready to accept connections"), {
    interval: 50,
    timeout: { milliseconds: 60_000, message: `PostgreSQL did not start:\n${log}` },
  });
  return {
    url: `postgres://slipway@127.0.0.1:${port}/postgres?sslmode=disable`,
    stop: async () => {
      server.kill("SIGINT");
      await ended;
    },
  };
}

/** Runs a program as another user than root, which PostgreSQL refuses: a user namespace changes the user's number. */
function asSomebody(program: string, args: readonly string[]): [string, string[]] {
  return ["unshare", ["--user", "--map-user=1000", "--map-group=1000", "--", program, ...args]];
}

/** Folder of the server's programs. */
async function findPrograms(): Promise<string> {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .find((folder) => existsSync(join(folder, "initdb")));
  if (onPath !== undefined) return onPath;
  const tools = await ensureTools(["postgresql"]);
  return tools.get("postgresql")?.path ?? "";
}
