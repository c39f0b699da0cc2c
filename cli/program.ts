import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

import { Command, InvalidArgumentError } from "commander";

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
      "Deploys a Gatsby site, releases it from stack to stack, by digest, and says what a release would change.",
    )
    .version(readVersion())
    .option("-C, --cwd <folder>", "folder of Pulumi.yaml, or the one above it", ".")
    .exitOverride()
    .showHelpAfterError("(`slipway --help` says what can be called.)");
  const folder = (): string => resolve(program.opts<{ cwd: string }>().cwd);
  const cwd = (): string => findProjectFolder(folder());

  program
    .command("init")
    .summary("write the program that deploys the site of this repository")
    .description(
      "Looks at a repository with a Gatsby site and writes the program that deploys it, the files of its image and the include of the pipeline. Overwrites nothing.",
    )
    .option("--site <folder>", "folder of the site, if the repository has several")
    .option("--folder <folder>", "folder for the program", "deploy")
    .option("--stacks <list>", "stacks, in the order of a release's way", "dev,staging,prod")
    .option("--registry <host>", "container registry, host[:port], if it can't be found out")
    .option("--dependency <name@spec>", "what npm installs for a dependency", addTo, [])
    .option("--pipeline <project@ref>", "include the pipeline of Slipway's copy in this project")
    .option("--dry-run", "write nothing, and print the files", false)
    .option("-y, --yes", "agree to that beforehand", false)
    .action(async ({ stacks, ...options }: InitFlags) => {
      const { init } = require("./commands/init") as typeof import("./commands/init");
      await init({ cwd: folder(), stacks: stacks.split(","), ...options }, io);
    });

  program
    .command("up")
    .summary("`pulumi up`, with what belongs before and after it")
    .description(
      "Recovers from a killed update, runs `pulumi up`, and revokes the deploy tokens that the killed update left.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .argument("[options...]", "options of `pulumi up`, after `--`")
    .option("-y, --yes", "agree beforehand to what will change", false)
    .action(async (first: string | undefined, others: string[], { yes }: { yes: boolean }) => {
      // After `--` an option is an argument like any other.
      const isStack = first !== undefined && !first.startsWith("-");
      const pulumiOptions = isStack || first === undefined ? others : [first, ...others];
      const { up } = require("./commands/up") as typeof import("./commands/up");
      await up({ cwd: cwd(), stack: isStack ? first : undefined, yes, pulumiOptions }, io);
    });

  program
    .command("tokens")
    .summary("list a stack's deploy tokens")
    .description(
      "Lists the deploy tokens in GitLab that have a stack's names, and which of them its state knows.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .option("--prune", "revoke those that its state does not know, after asking", false)
    .option("-y, --yes", "agree to that beforehand", false)
    .action(async (stack: string | undefined, { prune, yes }: { prune: boolean; yes: boolean }) => {
      const { tokens } = require("./commands/tokens") as typeof import("./commands/tokens");
      await tokens({ cwd: cwd(), stack, prune, yes }, io);
    });

  program
    .command("env")
    .summary("print `export` lines that make other programs trust the stack's CA")
    .description(
      'Prints what the environment needs beside the configuration: eval "$(npx slipway env)"',
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .action(async (stack?: string) => {
      const { env } = require("./commands/env") as typeof import("./commands/env");
      await env({ cwd: cwd(), stack }, io);
    });

  program
    .command("promote")
    .summary("deploy what one stack runs to another")
    .description("Deploys to a stack what another one runs, by digest, and configures it so.")
    .argument("<from>", "stack that runs the release: a name, or organization/project/stack")
    .argument("<to>", "stack of this project that takes it")
    .option("-y, --yes", "agree beforehand to what will change", false)
    .action(async (from: string, to: string, { yes }: { yes: boolean }) => {
      const { promote } = require("./commands/promote") as typeof import("./commands/promote");
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
      const { rollback } = require("./commands/rollback") as typeof import("./commands/rollback");
      await rollback({ cwd: cwd(), stack, to, yes }, io);
    });

  program
    .command("cleanup")
    .summary("show, or set, which tags GitLab deletes from the registry")
    .description(
      "Shows the project's cleanup policy, what it would delete now, and how GitLab's differs. Refuses one that could delete what a stack runs.",
    )
    .argument("[stack]", "stack that says where GitLab is; the selected one if left out")
    .option("--apply", "set the policy in GitLab", false)
    .option("-y, --yes", "agree to that beforehand", false)
    .option("--without <stack>", "a stack that runs nothing, although it can't be read", addTo, [])
    .option("--replace-policy", "with --yes: replace another policy that is on in GitLab", false)
    .option("--include <repository>", "with --yes: apply it to one that no stack uses", addTo, [])
    .action(async (stack: string | undefined, options: CleanupFlags) => {
      const { cleanup } = require("./commands/cleanup") as typeof import("./commands/cleanup");
      await cleanup({ cwd: cwd(), stack, ...options }, io);
    });

  program
    .command("preview-report")
    .summary("say what previews would change, to a reviewer")
    .description(
      "Says what previews would change: on the terminal and, where asked for, in a merge request. What a preview wrote to standard error is read from NAME.err beside its NAME.json.",
    )
    .argument("<preview.json...>", "what `pulumi preview --json` wrote, a file for each stack")
    .option("--widget <file>", "write the merge request's widget (artifacts:reports:terraform)")
    .option("--markdown <file>", "write the report as Markdown")
    .option("--note", "write the merge request's note, with the token in SLIPWAY_NOTE_TOKEN", false)
    .option("--warn-days <days>", "warn of a token this many days before its end", parseDays, 14)
    .action(async (files: string[], options: ReportFlags) => {
      const { previewReport } =
        require("./commands/previewReport") as typeof import("./commands/previewReport");
      await previewReport({ cwd: cwd(), files, color: hasColors(io), ...options }, io);
    });

  program
    .command("redact")
    .summary("take what looks like a credential out of a log")
    .description(
      "Copies standard input to standard output, a line at a time, without what looks like a credential.",
    )
    .action(async () => {
      const { redactLines } = require("./commands/redact") as typeof import("./commands/redact");
      await redactLines({ lines: createInterface({ input: process.stdin }) }, io);
    });

  return program;
}

interface InitFlags {
  readonly site?: string;
  readonly folder: string;
  readonly stacks: string;
  readonly registry?: string;
  readonly dependency: readonly string[];
  readonly pipeline?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

interface CleanupFlags {
  readonly apply: boolean;
  readonly yes: boolean;
  readonly without: readonly string[];
  readonly replacePolicy: boolean;
  readonly include: readonly string[];
}

/** For an option that may be given more than once. */
function addTo(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

interface ReportFlags {
  readonly widget?: string;
  readonly markdown?: string;
  readonly note: boolean;
  readonly warnDays: number;
}

function parseDays(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("Use a number of days.");
  return Number(text);
}

/** GitLab shows colours in a job's log, which is no terminal. */
function hasColors({ env }: CommandContext): boolean {
  return !env.NO_COLOR && (process.stdout.isTTY || env.GITLAB_CI === "true");
}

/** The package's version; its package.json is found by name, since sources and compiled files are in different places. */
function readVersion(): string {
  const text = readFileSync(require.resolve("slipway/package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
