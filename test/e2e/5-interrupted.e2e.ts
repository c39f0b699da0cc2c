import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { checkout, inSandbox, shell, start } from "./checkout";

const minuteMs = 60_000;
const state = join(checkout, ".sandbox", "test", "pulumi", "state", ".pulumi");

/** Operations that the state knows to have been begun. */
function pendingOperations(): string[] {
  const file = join(state, "stacks", "gatsby-site", "dev.json");
  if (!existsSync(file)) return [];
  try {
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: {
        latest?: { pending_operations?: { type: string; resource: { type: string } }[] };
      };
    };
    return (checkpoint.latest?.pending_operations ?? []).map(
      ({ type, resource }) => `${type} ${resource.type}`,
    );
  } catch {
    return []; // It is being written.
  }
}

describe("`make up`, killed half-way", () => {
  it(
    "is finished by the next one",
    async () => {
      await inSandbox("pulumi destroy --stack dev --yes --skip-preview");
      const { pid, ended } = start("make up");
      await pWaitFor(() => pendingOperations().includes("creating kubernetes:apps/v1:Deployment"), {
        interval: 10,
        timeout: 5 * minuteMs,
      });
      process.kill(-pid, "SIGKILL");
      await ended;
      const locks = join(state, "locks", "organization", "gatsby-site", "dev");
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
