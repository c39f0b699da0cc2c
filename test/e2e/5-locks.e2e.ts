import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { checkout, shell, start } from "./support/checkout";
import { startPostgres, type Postgres } from "./support/postgres";

const minuteMs = 60_000;
const project = join(checkout, "test/e2e/support/lockProject");
const folder = join(checkout, ".sandbox", "locks");
const stack = "organization/locks/dev";
let postgres: Postgres;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  postgres = await startPostgres(join(folder, "postgres"));
}, 2 * minuteMs);

afterAll(() => postgres.stop());

/** A shell command on the project's stack, whose state is at `url`. */
function on(url: string, run: string, command: string): string {
  const variables = {
    LOCK_FOLDER: run,
    PULUMI_BACKEND_URL: url,
    PULUMI_CONFIG_PASSPHRASE: "locks",
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
  };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  return [`eval "$(make -s env)"`, ...exports, `cd ${project}`, command].join("; ");
}

describe.each([
  ["PostgreSQL", () => postgres.url],
  ["a folder", () => `file://${join(folder, "state")}`],
])("state in %s", (name, url) => {
  const update = `pulumi up --stack ${stack} --yes --skip-preview --non-interactive`;

  it(
    "takes one update at a time, and tells the other who holds the lock",
    async () => {
      const run = join(folder, name.replaceAll(" ", "-"));
      mkdirSync(run);
      mkdirSync(join(folder, "state"), { recursive: true });
      const created = await shell(on(url(), run, `pulumi stack init ${stack} --no-select`));
      expect(created).toMatchObject({ code: 0 });

      const first = start(on(url(), run, update));
      await pWaitFor(() => existsSync(join(run, "running")), { timeout: minuteMs });
      const second = await shell(on(url(), run, update));
      writeFileSync(join(run, "go"), "");

      expect(second.code).toBe(1);
      expect(second.output).toContain("the stack is currently locked by 1 lock(s)");
      expect(second.output).toMatch(new RegExp(`created by \\w+@${hostname()} \\(pid \\d+\\) at `));
      expect(await first.ended).toMatchObject({ code: 0 });

      const after = await shell(on(url(), run, update));
      expect(after).toMatchObject({ code: 0 });
      expect(after.output).toContain("1 unchanged");
    },
    5 * minuteMs,
  );
});
