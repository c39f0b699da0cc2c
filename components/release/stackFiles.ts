import * as fs from "node:fs";
import * as path from "node:path";

import type * as yaml from "yaml";

import { findStackProject, shortenStackName } from "./stackName";

/** Values of a stack's file by key with its namespace, as YAML has them. */
export type FileValues = Readonly<Record<string, unknown>>;

/**
 * Reads what the files of the program say about another stack of this project: Pulumi.yaml's defaults, and over
 * them the stack's own values.
 *
 * @param project name of the project, the namespace of its keys
 * @param stack its name, with or without organization and project
 * @param folder folder of Pulumi.yaml
 * @returns undefined if it has no file here, such as a stack of another project
 */
export function tryReadStackFile(
  project: string,
  stack: string,
  folder = ".",
): FileValues | undefined {
  if ((findStackProject(stack) ?? project) !== project) return undefined;
  for (const extension of [".yaml", ".yml"]) {
    const main = tryParse(path.join(folder, `Pulumi${extension}`));
    if (main === undefined) continue;
    const { config = {}, stackConfigDir = "" } = main as {
      config?: FileValues | null;
      stackConfigDir?: string;
    };
    const file = path.join(folder, stackConfigDir, `Pulumi.${shortenStackName(stack)}${extension}`);
    const own = tryParse(file) as { config?: FileValues | null } | undefined;
    return own && { ...readDefaults(project, config), ...own.config };
  }
  return undefined;
}

/** Pulumi.yaml has a key without namespace for the program's own, and beside a plain value one with its schema. */
function readDefaults(project: string, config: FileValues | null): FileValues {
  const entries = Object.entries(config ?? {}).map(([key, given]) => {
    const schema = (typeof given === "object" ? given : { value: given }) as Record<
      string,
      unknown
    > | null;
    return [key.includes(":") ? key : `${project}:${key}`, schema?.value ?? schema?.default];
  });
  return Object.fromEntries(entries) as FileValues;
}

function tryParse(file: string): object | undefined {
  if (!fs.existsSync(file)) return undefined;
  // Only a stack that has what to compare pays for the parser.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parse } = require("yaml") as typeof yaml;
  try {
    const content: unknown = parse(fs.readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    // Pulumi reports it, if it is a file of this stack.
    return undefined;
  }
}
