import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parseStateFile, type StackState } from "./stackState";
import { parseHistoryFile, type UpdateRecord } from "./updateRecord";

/** What a backend keeps of a stack. */
export interface StackRecord {
  readonly state: StackState;
  /** Its last operations, the newest first. */
  readonly history: readonly UpdateRecord[];
}

/**
 * Reads a stack from a state that is kept in files of this machine. It starts no process: `pulumi` would take two
 * for each stack, with a fifth of a second of a core each.
 *
 * @param folder the backend's folder `.pulumi`
 * @param count how many operations of its history to read
 * @returns undefined if the files are not as expected, for example compressed: Pulumi can still read them then
 */
export function tryReadStackFiles(
  folder: string,
  { project, stack }: { readonly project: string; readonly stack: string },
  count: number,
): StackRecord | undefined {
  const history = join(folder, "history", project, stack);
  try {
    const text = readFileSync(join(folder, "stacks", project, `${stack}.json`), "utf8");
    const records = listHistory(history)
      .slice(0, count)
      .map((name) => parseHistoryFile(readFileSync(join(history, name), "utf8")));
    return { state: parseStateFile(text), history: records };
  } catch {
    return undefined;
  }
}

/** Names of a history's files, the newest first: each name ends with the nanoseconds since 1970. */
function listHistory(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  if (names.some((name) => name.endsWith(".gz"))) throw new Error("The history is compressed.");
  return names
    .filter((name) => name.endsWith(".history.json"))
    .sort()
    .reverse();
}
