import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { checkout, inSandbox, shell } from "./support/checkout";
import { expectSuccess } from "./support/expectSuccess";
import { killMakeUpAt, listOwnPlugins, locks, pendingOperations } from "./support/state";

const minuteMs = 60_000;

describe("`make up`, killed half-way", () => {
  it(
    "is finished by the next one",
    async () => {
      await inSandbox("pulumi destroy --stack dev --yes --skip-preview");
      await killMakeUpAt("creating kubernetes:apps/v1:Deployment");
      expect(readdirSync(locks)).not.toEqual([]);
      await pWaitFor(() => listOwnPlugins().length === 0, { interval: 50, timeout: 5000 });

      const ended = await shell("make up");
      expectSuccess(ended);
      const url = /^site: (\S+)$/m.exec(ended.output)?.[1] ?? "";
      expect((await fetch(url)).status).toBe(200);
      expect(pendingOperations()).toEqual([]);
      expect(existsSync(locks) ? readdirSync(locks) : []).toEqual([]);
    },
    15 * minuteMs,
  );

  it(
    "starts again what has died",
    async () => {
      const record = join(checkout, ".sandbox", "test", "services", "registry.json");
      const { pid } = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
      process.kill(pid, "SIGKILL");
      expectSuccess(await shell("make up"));
      const again = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
      expect(again.pid).not.toBe(pid);
    },
    5 * minuteMs,
  );
});
