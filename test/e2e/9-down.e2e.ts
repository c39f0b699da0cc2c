import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { computeId } from "../../sandbox/host/instance";
import { checkout, inSandbox, shell } from "./support/checkout";
import { listDeployTokens } from "./support/state";

const minuteMs = 60_000;

function print(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: "utf8" });
}

const root = join(checkout, ".sandbox", "test");
const id = computeId(root);
const label = `slipway-${id}`;

/** Commands of processes that have the test's sandbox in their environment or on their command line. */
function commandsOfTheSandbox(): string[] {
  const marks = [`SLIPWAY_INSTANCE=${id}`, root];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const text = command + readFileSync(`/proc/${pid}/environ`, "utf8");
        return marks.some((mark) => text.includes(mark)) ? [command] : [];
      } catch {
        return []; // It ended, or is the kernel's own.
      }
    });
}

describe("pulumi destroy", () => {
  it(
    "leaves no deploy token in GitLab and nothing in the cluster",
    async () => {
      const namespace = (await inSandbox("pulumi stack output namespace")).trim();
      await inSandbox("pulumi destroy --yes --skip-preview");
      expect(await listDeployTokens()).toEqual([]);
      const left = await inSandbox(`kubectl get namespace ${namespace} --ignore-not-found`);
      expect(left).toBe("");
    },
    5 * minuteMs,
  );
});

describe("make down", () => {
  it(
    "leaves no process, mount, interface, route, firewall rule or control group",
    async () => {
      const { subnet } = JSON.parse(readFileSync(join(root, "instance.json"), "utf8")) as {
        subnet: number;
      };
      const { code, output } = await shell("make down");
      expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });

      expect(commandsOfTheSandbox()).toEqual([]);
      expect(print("ip", "route")).not.toContain(`10.213.${subnet}.`);
      expect(print("ip", "-brief", "link")).not.toContain(label);
      expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(root);
      expect(print("find", "/sys/fs/cgroup", "-maxdepth", "3", "-name", label)).toBe("");
      expect(print("find", "/run", "-maxdepth", "1", "-name", label)).toBe("");
    },
    minuteMs,
  );

  it(
    "does nothing when nothing runs",
    async () => {
      expect((await shell("make down")).code).toBe(0);
    },
    minuteMs,
  );
});
