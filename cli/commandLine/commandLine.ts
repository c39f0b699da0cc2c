import type { Command } from "commander";

import type { CommandContext } from "../io";

/** What the definitions of the commands need. */
export interface CommandLine {
  readonly program: Command;
  readonly io: CommandContext;
  /** The folder that `--cwd` names. */
  readonly folder: () => string;
  /** Folder of Pulumi.yaml. */
  readonly cwd: () => string;
}

/** Formats the examples at the end of a command's help. */
export function formatExamples(...lines: readonly string[]): string {
  const heading = lines.length === 1 ? "Example:" : "Examples:";
  return ["", heading, ...lines.map((line) => `  $ ${line}`)].join("\n");
}

/** Collects the values of an option that can be repeated. */
export function addTo(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
