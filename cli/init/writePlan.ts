import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { PlannedFile } from "./plan";
import type { Repository } from "./repository";

/** Writes the files of a plan that are new or change. Files that are kept stay as they are. */
export function writePlan({ root }: Repository, files: readonly PlannedFile[]): void {
  for (const { action, content, path } of files) {
    if (action === "keep") continue;
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    // A file that appeared since the plan was made is not overwritten.
    writeFileSync(file, content, { flag: action === "create" ? "wx" : "w" });
  }
}
