import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Beside each file of the state is one with its attributes. Unlike the file, it is not written at once. */
const attributesEnd = ".attrs";

/** Whether an error says that something of a state ends before it begins. */
export function isTruncated(error: unknown): boolean {
  return error instanceof Error && /\bEOF\b|unexpected end of JSON/.test(error.message);
}

/**
 * Removes what a kill cut off of a state that is kept in files: attributes of which nothing was written, and
 * without which a file is read as well.
 *
 * @param url of Pulumi's backend; nothing is done to others than files of this machine
 * @returns the files that were removed
 */
export function repairFileBackend(url: string): string[] {
  const folder = locateState(url);
  if (folder === undefined || !existsSync(folder)) return [];
  const empty = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(attributesEnd))
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.size === 0);
  for (const file of empty) rmSync(file, { force: true });
  return empty;
}

function locateState(url: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const folder = url.startsWith("file://~")
    ? join(homedir(), url.slice("file://~".length))
    : fileURLToPath(url);
  return join(folder, ".pulumi");
}
