import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command } from "commander";

import type { Io } from "./io";
import { promote } from "./promote";
import { rollback } from "./rollback";

/** The command line: what can be called, and what it says of itself. */
export function createProgram(io: Io): Command {
  const program = new Command("slipway")
    .description("Releases a Gatsby site from stack to stack, by digest.")
    .version(readVersion())
    .option("-C, --cwd <folder>", "folder of Pulumi.yaml", ".")
    .exitOverride()
    .showHelpAfterError("(`slipway --help` says what can be called.)");
  const cwd = (): string => resolve(program.opts<{ cwd: string }>().cwd);

  program
    .command("promote")
    .summary("deploy what one stack runs to another")
    .description("Deploys to a stack what another one runs, by digest, and configures it so.")
    .argument("<from>", "stack that runs the release: a name, or organization/project/stack")
    .argument("<to>", "stack of this project that takes it")
    .option("-y, --yes", "agree beforehand to what will change", false)
    .action(async (from: string, to: string, { yes }: { yes: boolean }) => {
      await promote({ cwd: cwd(), from, to, yes }, io);
    });

  program
    .command("rollback")
    .summary("deploy what a stack ran before, and pin it")
    .description("Deploys what a stack ran before, and pins it, until something is promoted to it.")
    .argument("<stack>", "stack of this project")
    .option("--to <digest|version>", "what to go back to, instead of what ran last")
    .option("-y, --yes", "agree beforehand to what will change", false)
    .action(async (stack: string, { to, yes }: { to?: string; yes: boolean }) => {
      await rollback({ cwd: cwd(), stack, to, yes }, io);
    });

  return program;
}

function readVersion(): string {
  const text = readFileSync(join(__dirname, "..", "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
