import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Document, stringify } from "yaml";

import { findStackFile } from "./project";
import { parseYaml } from "./yamlFile";

/** Values to set, by key with its namespace; `undefined` removes the key. */
export type StackChanges = Readonly<Record<string, string | undefined>>;

/**
 * Changes a stack's configuration in one step: after an interruption the file is the old one or the new one.
 * Comments and the order of the keys stay.
 *
 * `pulumi config set` would be one call for each key, and would write the salt of the stack's key beside them.
 *
 * @param stack its name, with or without organization and project
 * @returns whether anything changed
 */
export function changeStackFile(cwd: string, stack: string, changes: StackChanges): boolean {
  const file = join(cwd, findStackFile(cwd, stack));
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const document = readDocument(file, before);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) document.deleteIn(["config", key]);
    else document.setIn(["config", key], value);
  }
  if (before === "" && Object.values(changes).every((value) => value === undefined)) return false;
  const after = stringify(document, { lineWidth: 0 });
  if (after === before) return false;
  const draft = `${file}.${process.pid}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(draft, after);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return true;
}

/**
 * Reads a stack's configuration from its file, without the project's defaults and without Pulumi.
 *
 * @param stack its name, with or without organization and project
 * @returns values by key with its namespace, as YAML has them: a secret is `{ secure: <encrypted> }`. Undefined if
 *   there is no such file
 * @throws UserError if it is not YAML
 */
export function tryReadFileValues(
  cwd: string,
  stack: string,
): Readonly<Record<string, unknown>> | undefined {
  const file = join(cwd, findStackFile(cwd, stack));
  if (!existsSync(file)) return undefined;
  const { config } = (readDocument(file, readFileSync(file, "utf8")).toJS() ?? {}) as {
    readonly config?: Readonly<Record<string, unknown>> | null;
  };
  return config ?? {};
}

function readDocument(file: string, text: string): Document {
  return text.trim() === "" ? new Document({ config: {} }) : parseYaml(file, text);
}
