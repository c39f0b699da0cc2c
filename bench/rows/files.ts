import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import type { ContextCost } from "../programs/readContext";
import { checkout } from "../../test/e2e/support/checkout";
import { type BenchSandbox, run } from "../world/sandbox";
import type { Group } from "./group";

/** What large static files cost a preview, which hashes them. */
export const files: Group = { name: "files", measure };

const sizesInMB = [1, 100, 3000];
const bytesPerMB = 1_000_000;
const largestFileMB = 100;
const folder = join(checkout, "site", "static", "bench");

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const row = { id: "files", of: "MB of static files", unit: "s" } as const;
  try {
    await report.grow(
      [
        { ...row, work: "checking and hashing the site's folder" },
        { ...row, work: "its process's memory at most", unit: "MiB" },
        { ...row, work: "preview, the files are new" },
        { ...row, work: "preview again" },
      ],
      sizesInMB,
      async (size) => {
        writeFiles(size);
        const { peakMiB, seconds } = await readContext();
        const preview = (): Promise<number> =>
          measureSeconds(() => sandbox.run(["pulumi", "preview", "--stack", "dev"]));
        const first = await preview();
        return [[seconds], [peakMiB], [first], [await preview()]];
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files without blocks on the disk: they are read as zeros, which are hashed as fast as anything else. */
function writeFiles(sizeMB: number): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (let left = sizeMB, index = 1; left > 0; left -= largestFileMB, index++) {
    const file = join(folder, `video-${index}.bin`);
    writeFileSync(file, "");
    truncateSync(file, Math.min(left, largestFileMB) * bytesPerMB);
  }
}

/** Reads the checkout's site in a process of its own, whose memory is counted. */
export async function readContext(): Promise<ContextCost> {
  const program = join("bench", "programs", "readContext.ts");
  const output = await run(["node", "--import", "tsx", program, "site"]);
  return JSON.parse(output.slice(output.indexOf("{"))) as ContextCost;
}
