import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const fileScheme = "file://";
/** Beside each file of the state is one with its attributes. Unlike the file, it is not written atomically. */
const attributesEnd = ".attrs";

/** Whether an error says that a file of the state is truncated. */
export function isTruncated(error: unknown): boolean {
  return error instanceof Error && /\bEOF\b|unexpected end of JSON/.test(error.message);
}

/**
 * Repairs a state that is kept in files after a kill: removes attribute files that are empty. A file can be read
 * without its attributes.
 *
 * @param url of Pulumi's backend; only files of this machine are touched
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

/**
 * The URL of Pulumi's backend in the environment, which Pulumi takes before all other settings.
 *
 * @returns undefined if there is none, or if its path is relative: only Pulumi knows to what
 */
export function findGivenBackend({ PULUMI_BACKEND_URL: url }: NodeJS.ProcessEnv) {
  return url && !/^file:\/\/[^/~]/.test(url) ? url : undefined;
}

/**
 * The folder `.pulumi` of a state that is kept in files of this machine.
 *
 * @param url of Pulumi's backend
 * @param cwd what a relative path in it is relative to
 * @returns undefined for other backends
 */
export function locateState(url: string, cwd = "."): string | undefined {
  if (!url.startsWith(fileScheme)) return undefined;
  const path = decodeURIComponent(url.slice(fileScheme.length).replace(/\?.*$/s, ""));
  const folder = path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(cwd, path);
  return join(folder, ".pulumi");
}
