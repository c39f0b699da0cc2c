import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { Command } from "commander";

import type { CommandLine } from "./commandLine/commandLine";
import { addDeployCommands } from "./commandLine/deployCommands";
import { addInspectCommands } from "./commandLine/inspectCommands";
import { addRegistryCommands } from "./commandLine/registryCommands";
import { addShellCommands } from "./commandLine/shellCommands";
import type { CommandContext } from "./io";
import { findProjectFolder } from "./projectFolder";

/**
 * The command line: its commands, their options and their help. A command's module is loaded only when the
 * command runs (`require`, since TypeScript's loader for CommonJS does not see `import()`), so that help and a
 * wrong option do not wait for the packages that commands use.
 */
export function createProgram(io: CommandContext): Command {
  const program = new Command("slipway")
    .description(
      "Deploys a Gatsby site, promotes its releases from stack to stack by digest, and reports what a release would change.",
    )
    .version(readVersion())
    .option("-C, --cwd <folder>", "folder of Pulumi.yaml, or its parent folder", ".")
    .exitOverride()
    .showHelpAfterError("(`slipway --help` lists the commands and options.)");
  const folder = (): string => resolve(program.opts<{ cwd: string }>().cwd);
  const line: CommandLine = { program, io, folder, cwd: () => findProjectFolder(folder()) };

  program.commandsGroup("Deploy:");
  addDeployCommands(line);
  program.commandsGroup("See what runs, and what is wrong:");
  addInspectCommands(line);
  program.commandsGroup("Registry and its credentials:");
  addRegistryCommands(line);
  program.commandsGroup("Shell and logs:");
  addShellCommands(line);

  for (const command of program.commands) {
    command.showHelpAfterError(
      `(\`slipway ${command.name()} --help\` shows its arguments, its options and an example.)`,
    );
  }
  return program;
}

/**
 * The package's version; its package.json is found by name, since sources and compiled files are in different
 * places.
 */
function readVersion(): string {
  const text = readFileSync(require.resolve("slipway/package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
