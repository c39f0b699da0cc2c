import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Overview } from "../../cli/status/overview";
import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import type { BenchSandbox } from "../world/sandbox";
import type { Group } from "./group";

/** `slipway status` of a project with many stacks: copies of `dev`, which run what it runs. */
export const stacks: Group = { name: "stacks", measure };

const sizes = [1, 10, 50, 200];
const project = "gatsby-site";

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const state = new StateFolder(sandbox);
  try {
    await report.grow(
      [{ id: "stacks", work: "`slipway status`", of: "stacks", unit: "s" }],
      sizes,
      async (size) => {
        state.copyStacks(size - 1);
        const count = report.limitRuns(3);
        const values: number[] = [];
        for (let run = 0; run < count; run++) {
          values.push(await measureSeconds(() => checkStatus(sandbox, size)));
        }
        return [values];
      },
    );
  } finally {
    state.removeCopies();
  }
  const fifty = report.growths
    .find(({ id }) => id === "stacks")
    ?.points.find(({ size }) => size === 50);
  if (fifty === undefined) return;
  report.rows.push({
    id: "status",
    work: "`slipway status` of 50 stacks",
    unit: "s",
    own: fifty.values,
    target: { of: "value", is: "at most", limit: 10 },
  });
}

async function checkStatus(sandbox: BenchSandbox, size: number): Promise<void> {
  const { stacks } = JSON.parse(await sandbox.slipway("status", "--json")) as Overview;
  const problems = stacks.flatMap(({ problems }) => problems.map(({ reason }) => reason));
  if (stacks.length === size && problems.length === 0) return;
  throw new Error(
    `\`slipway status\` shows ${stacks.length} stacks, not ${size}. ${problems[0] ?? ""}`.trim(),
  );
}

/** Pulumi's state in files. */
class StateFolder {
  private readonly stacks: string;
  private readonly history: string;
  private count = 0;

  constructor(sandbox: BenchSandbox) {
    const folder = join(fileURLToPath(sandbox.variable("PULUMI_BACKEND_URL")), ".pulumi");
    this.stacks = join(folder, "stacks", project);
    this.history = join(folder, "history", project);
  }

  /** Copies `dev` and its history until there are so many copies. */
  public copyStacks(count: number): void {
    const text = readFileSync(join(this.stacks, "dev.json"), "utf8");
    for (; this.count < count; this.count++) {
      const name = `copy-${this.count + 1}`;
      const renamed = text
        .replaceAll("urn:pulumi:dev::", `urn:pulumi:${name}::`)
        .replaceAll(`organization/${project}/dev`, `organization/${project}/${name}`);
      writeFileSync(join(this.stacks, `${name}.json`), renamed);
      mkdirSync(join(this.history, name), { recursive: true });
      for (const file of readdirSync(join(this.history, "dev"))) {
        const copy = file.replace(/^dev-/, `${name}-`);
        cpSync(join(this.history, "dev", file), join(this.history, name, copy));
      }
    }
  }

  /** Removes the copies. */
  public removeCopies(): void {
    for (const folder of [this.stacks, this.history]) {
      for (const name of readdirSync(folder).filter((entry) => entry.startsWith("copy-"))) {
        rmSync(join(folder, name), { recursive: true });
      }
    }
  }
}
