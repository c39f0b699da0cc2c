import { rmSync } from "node:fs";
import { join } from "node:path";

import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { checkout } from "../../test/e2e/support/checkout";
import type { BenchSandbox } from "../world/sandbox";
import type { Group } from "./group";

/** A program with many sites, of the components alone, which run an image that exists. */
export const sites: Group = { name: "sites", measure };

const sizes = [1, 10, 50];
const cwd = join(checkout, "bench", "programs", "sites");
const stack = "organization/many-sites/dev";

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const image = await sandbox.readOutput("image");
  const pulumi = (...args: string[]): Promise<string> => sandbox.run(["pulumi", ...args], { cwd });
  let round = 0;
  const up = (count: number): Promise<string> => {
    const values = { count, image, round };
    const config = Object.entries(values).flatMap(([key, value]) => [
      "--config",
      `${key}=${value}`,
    ]);
    return pulumi("up", "--yes", "--skip-preview", "--stack", stack, ...config);
  };
  await pulumi("stack", "select", stack, "--create");
  const row = { id: "sites", of: "sites", unit: "s" } as const;
  try {
    await report.grow(
      [
        { ...row, work: "preview, nothing changed" },
        { ...row, work: "update, nothing changed" },
        { ...row, work: "update of an annotation of each" },
        { ...row, work: "update that creates those that are new at this size" },
      ],
      sizes,
      async (size) => {
        const created = await measureSeconds(() => up(size));
        const previews: number[] = [];
        const updates: number[] = [];
        for (let run = 0; run < report.limitRuns(3); run++) {
          previews.push(await measureSeconds(() => pulumi("preview", "--stack", stack)));
          updates.push(await measureSeconds(() => up(size)));
        }
        round += 1;
        return [previews, updates, [await measureSeconds(() => up(size))], [created]];
      },
    );
  } finally {
    await sandbox.run([
      ...(["kubectl", "delete", "namespace", "--selector", "bench=sites"] as const),
      "--wait=false",
    ]);
    await pulumi("stack", "rm", stack, "--yes", "--force");
    rmSync(join(cwd, "Pulumi.dev.yaml"), { force: true });
  }
}
