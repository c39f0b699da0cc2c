import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { checkout } from "../../test/e2e/support/checkout";
import type { BenchSandbox } from "../world/sandbox";
import type { Group } from "./group";

/** `slipway cleanup`, which asks GitLab for each tag, with many tags. */
export const tags: Group = { name: "tags", measure };

const sizes = [100, 1000, 10_000];
const storage = join(checkout, ".sandbox", "test", "registry", "storage");
const folder = join(
  ...[storage, "docker", "registry", "v2", "repositories", "web", "gatsby-site"],
  ...["_manifests", "tags"],
);

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const digest = await sandbox.readOutput("digest");
  let made = 0;
  try {
    await report.grow(
      [{ id: "tags", work: "`slipway cleanup`, which shows its plan", of: "tags", unit: "s" }],
      sizes,
      async (size) => {
        for (; made < size; made++) writeTag(formatTag(made), digest);
        return [[await measureSeconds(() => sandbox.slipway("cleanup", "dev"))]];
      },
    );
  } finally {
    for (let index = 0; index < made; index++) {
      rmSync(join(folder, formatTag(index)), { recursive: true, force: true });
    }
  }
}

/** A tag as those of builds, which the policy may delete. */
function formatTag(index: number): string {
  return `content-${index.toString(16).padStart(16, "0")}`;
}

/** Writes a tag into the registry's storage, as its own files have it: pushing ten thousand takes minutes. */
function writeTag(name: string, digest: string): void {
  const index = join(folder, name, "index", ...digest.split(":"));
  for (const path of [join(folder, name, "current"), index]) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "link"), digest);
  }
}
