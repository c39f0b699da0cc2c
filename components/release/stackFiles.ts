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
    const { config, stackConfigDir = "" } = main as { config?: unknown; stackConfigDir?: string };
    const file = path.join(folder, stackConfigDir, `Pulumi.${shortenStackName(stack)}${extension}`);
    const own = tryParse(file) as { config?: FileValues | null } | undefined;
    return own && { ...readDefaults(project, config), ...own.config };
  }
  return undefined;
}

/**
 * Reads the values of Pulumi.yaml's `config:` by key with its namespace. A key without one is the project's own, and may
 * have a schema beside its value.
 */
export function readDefaults(project: string, config: unknown): FileValues {
  if (typeof config !== "object" || config === null) return {};
  const values = Object.entries(config).flatMap(([key, declared]: [string, unknown]) => {
    const { default: byDefault, value } = (
      typeof declared === "object" && declared !== null ? declared : { value: declared }
    ) as { readonly default?: unknown; readonly value?: unknown };
    const given = value ?? byDefault;
    const name = key.includes(":") ? key : `${project}:${key}`;
    return given === undefined || given === null ? [] : [[name, given] as const];
  });
  return Object.fromEntries(values);
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
