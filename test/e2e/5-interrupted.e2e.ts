import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, inSandbox, shell } from "./checkout";
import { killMakeUpAt, locks, pendingOperations } from "./state";

const minuteMs = 60_000;

describe("`make up`, killed half-way", () => {
  it(
    "is finished by the next one",
    async () => {
      await inSandbox("pulumi destroy --stack dev --yes --skip-preview");
      await killMakeUpAt("creating kubernetes:apps/v1:Deployment");
      expect(readdirSync(locks)).not.toEqual([]);

      const { output, code } = await shell("make up");
      expect({ code, tail: code === 0 ? "" : output.slice(-3000) }).toEqual({ code: 0, tail: "" });
      const url = /^site: (\S+)$/m.exec(output)?.[1] ?? "";
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
      const { output, code } = await shell("make up");
      expect({ code, tail: code === 0 ? "" : output.slice(-3000) }).toEqual({ code: 0, tail: "" });
      const again = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
      expect(again.pid).not.toBe(pid);
    },
    5 * minuteMs,
  );
});
