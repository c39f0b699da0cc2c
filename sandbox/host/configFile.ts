import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file that a service reads, unless it says that already: some services end when their
 * configuration is written to.
 *
 * @returns the file
 */
export function writeIfChanged(file: string, text: string): string {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
  }
  return file;
}
