import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Document, parseDocument, stringify } from "yaml";

import { UserError } from "../errors";

/** What to set, by key with its namespace; `undefined` takes the key out. */
export type StackChanges = Readonly<Record<string, string | undefined>>;

/** Name of the file with a stack's configuration, as Pulumi has it. */
export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/**
 * Changes a stack's configuration, all at once: whoever is interrupted finds the old one or the new one.
 * Comments and the order of the keys stay.
 *
 * Not `pulumi config set`: that is one call for each key, and writes the salt of the stack's key beside them.
 *
 * @returns whether anything is different now
 */
export function changeStackFile(cwd: string, stack: string, changes: StackChanges): boolean {
  const file = join(cwd, stackFileName(stack));
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
  try {
    writeFileSync(draft, after);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return true;
}

function readDocument(file: string, text: string): Document {
  if (text === "") return new Document({ config: {} });
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new UserError(`\`${file}\` is no YAML: ${document.errors[0].message}`);
  }
  return document;
}
