import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { UserError } from "../../errors";

/**
 * Writes a page in one step, since a web server may read it at any time.
 *
 * @throws UserError if it can't be written
 */
export function writePage(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeDraft(file, draft, text);
  } catch (cause) {
    const { message } = cause as Error;
    throw new UserError(`\`${file}\` can't be written: ${message}. Name another file.`, { cause });
  }
}

function writeDraft(file: string, draft: string, text: string): void {
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
