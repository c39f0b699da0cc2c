import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a service's configuration file, unless it has this content already: some services exit when their
 * configuration is written.
 *
 * @returns path of the file
 */
export function writeIfChanged(file: string, text: string): string {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
  }
  return file;
}
