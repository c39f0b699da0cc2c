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
      "Deploys a Gatsby site, promotes its releases from stack to stack by digest, and reports what a release would change.",
    )
    .version(readVersion())
    .option("-C, --cwd <folder>", "folder of Pulumi.yaml, or its parent folder", ".")
    .exitOverride()
    .showHelpAfterError("(`slipway --help` lists the commands and options.)");
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
    .option(
      "--stacks <list>",
      "stacks, in the order in which a release goes through them",
      "dev,staging,prod",
    )
    .option("--registry <host>", "container registry, host[:port], if Slipway can't find it")
    .option("--dependency <name@spec>", "version or source of a dependency", addTo, [])
    .option(
      "--pipeline <project@ref>",
      "include the pipeline from a copy of Slipway in this project, not from a copy of the package's",
    )
    .option("--no-pipeline", "leave the repository's pipeline as it is")
    .option(
      "--dockerfile <whose>",
      "Dockerfile of the image if there is one: own or slipway, which is written beside it",
    )
    .option("--dry-run", "write nothing, and print the files", false)
    .option("-y, --yes", "do not ask for confirmation", false)
    .action(async ({ stacks, ...options }: InitFlags) => {
      const { init } = require("./commands/init") as typeof import("./commands/init");
      await init({ cwd: folder(), stacks: stacks.split(","), ...options }, io);
    });

  program
    .command("up")
    .summary("run `pulumi up`, and clean up after a killed update")
    .description(
      "Recovers from a killed update, runs `pulumi up`, and revokes the deploy tokens that the killed update left.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .argument("[options...]", "options of `pulumi up`, after `--`")
    .option(
      "--rebuild",
      "build the image again, with the content that its build fetches from elsewhere",
      false,
    )
    .option("-y, --yes", "do not ask for confirmation", false)
    .action(async (first: string | undefined, others: string[], flags: UpFlags) => {
      // After `--` an option is an argument like any other.
      const isStack = first !== undefined && !first.startsWith("-");
      const pulumiOptions = isStack || first === undefined ? others : [first, ...others];
      const { up } = require("./commands/up") as typeof import("./commands/up");
      await up({ cwd: cwd(), stack: isStack ? first : undefined, pulumiOptions, ...flags }, io);
    });

  program
    .command("status")
    .summary("show what runs where")
    .description("Shows what each stack runs, and what the next stage waits for. Changes nothing.")
    .argument("[stacks...]", "stacks of this project; all if left out")
    .option("--short", "show only the table, and what needs attention", false)
    .option("--json", "print JSON; with --watch, a line for each round", false)
    .option("--html <file>", "write a page for a browser")
    .option("--watch [seconds]", "show it again and again, after a pause", parseSeconds)
    .action(async (stacks: string[], flags: StatusFlags) => {
      const { status } = require("./commands/status") as typeof import("./commands/status");
      const terminal = { color: hasColors(io), isTerminal: process.stdout.isTTY };
      await status({ cwd: cwd(), stacks, ...terminal, ...flags }, io);
    });

  program
    .command("tokens")
    .summary("list a stack's deploy tokens")
    .description(
      "Lists the deploy tokens in GitLab that are named like a stack's, and shows which of them are in its state.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .option("--prune", "ask, and then revoke the tokens that are not in its state", false)
    .option("-y, --yes", "do not ask for confirmation", false)
    .action(async (stack: string | undefined, { prune, yes }: { prune: boolean; yes: boolean }) => {
      const { tokens } = require("./commands/tokens") as typeof import("./commands/tokens");
      await tokens({ cwd: cwd(), stack, prune, yes }, io);
    });

  program
    .command("env")
    .summary("print `export` lines that make other programs trust the stack's CA")
    .description(
      'Prints the variables that make other programs trust the stack\'s CA. To set them: eval "$(npx slipway env)"',
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .action(async (stack?: string) => {
      const { env } = require("./commands/env") as typeof import("./commands/env");
      await env({ cwd: cwd(), stack }, io);
    });

  program
    .command("promote")
    .summary("deploy the release of one stack to another")
    .description(
      "Deploys the release of one stack to another, by digest, and writes that to the other stack's configuration.",
    )
    .argument("<from>", "stack that runs the release: a name, or organization/project/stack")
    .argument("<to>", "stack of this project to deploy it to")
    .option("-y, --yes", "do not ask for confirmation", false)
    .action(async (from: string, to: string, { yes }: { yes: boolean }) => {
      const { promote } = require("./commands/promote") as typeof import("./commands/promote");
      await promote({ cwd: cwd(), from, to, yes }, io);
    });

  program
    .command("rollback")
    .summary("deploy a stack's previous release, and pin the stack to it")
    .description(
      "Deploys a stack's previous release, and pins the stack to it until a release is promoted to the stack.",
    )
    .argument("<stack>", "stack of this project")
    .option("--to <digest|version>", "release to go back to, instead of the previous one")
    .option("-y, --yes", "do not ask for confirmation", false)
    .action(async (stack: string, { to, yes }: { to?: string; yes: boolean }) => {
      const { rollback } = require("./commands/rollback") as typeof import("./commands/rollback");
      await rollback({ cwd: cwd(), stack, to, yes }, io);
    });

  program
    .command("cleanup")
    .summary("show, or set, which tags GitLab deletes from the registry")
    .description(
      "Shows the configured cleanup policy, what it would delete now, and how the policy in GitLab differs. Refuses a policy that could delete an image that a stack runs.",
    )
    .argument("[stack]", "stack whose configuration names GitLab; the selected one if left out")
    .option("--apply", "set the policy in GitLab", false)
    .option("-y, --yes", "do not ask for confirmation", false)
    .option("--without <stack>", "leave out a stack that runs nothing and can't be read", addTo, [])
    .option("--replace-policy", "with --yes: replace a policy that is already on in GitLab", false)
    .option(
      "--include <repository>",
      "with --yes: apply the policy to a repository that no stack uses",
      addTo,
      [],
    )
    .action(async (stack: string | undefined, options: CleanupFlags) => {
      const { cleanup } = require("./commands/cleanup") as typeof import("./commands/cleanup");
      await cleanup({ cwd: cwd(), stack, ...options }, io);
    });

  program
    .command("preview-report")
    .summary("report to a reviewer what previews would change")
    .description(
      "Reports what previews would change, on the terminal and, if requested, in a merge request. Reads the standard error of a preview from NAME.err beside its NAME.json.",
    )
    .argument("<preview.json...>", "output of `pulumi preview --json`, one file for each stack")
    .option("--widget <file>", "write the merge request's widget (artifacts:reports:terraform)")
    .option("--markdown <file>", "write the report as Markdown")
    .option("--note", "write the merge request's note, with the token in SLIPWAY_NOTE_TOKEN", false)
    .option("--warn-days <days>", "warn of a token that expires in fewer days", parseDays, 14)
    .action(async (files: string[], options: ReportFlags) => {
      const { previewReport } =
        require("./commands/previewReport") as typeof import("./commands/previewReport");
      await previewReport({ cwd: cwd(), files, color: hasColors(io), ...options }, io);
    });

  program
    .command("doctor")
    .summary("find out why an image is not pulled or a site does not start")
    .description(
      "Goes from this machine to the running site, step by step, and says what is wrong and what to do. Changes nothing but a short-lived pod, which it removes. For a stack, or before the first deployment for a registry and a project.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .option("--registry <host>", "container registry, host[:port], instead of a stack")
    .option("--project <path>", "project in GitLab, with `--registry`")
    .option("--gitlab <url>", "address of GitLab, if it is not the registry's host")
    .option("--username <name>", "user name to try; its password in SLIPWAY_REGISTRY_PASSWORD")
    .option("--no-pod", "create no short-lived pod that pulls the image on a node")
    .option("--json", "print the result as JSON", false)
    .option("--explain <message>", "explain a message of another program, and do nothing else")
    .action(async (stack: string | undefined, { explain, ...options }: DoctorFlags) => {
      const { doctor, explainMessage } =
        require("./commands/doctor") as typeof import("./commands/doctor");
      if (explain !== undefined) explainMessage(explain, io);
      else await doctor({ cwd: cwd(), stack, ...options }, io);
    });

  program
    .command("redact")
    .summary("remove from a log what looks like a credential")
    .description(
      "Copies standard input to standard output, line by line, and replaces everything that looks like a credential.",
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
  readonly pipeline?: string | false;
  readonly dockerfile?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

interface DoctorFlags {
  readonly pod: boolean;
  readonly registry?: string;
  readonly project?: string;
  readonly gitlab?: string;
  readonly username?: string;
  readonly json: boolean;
  readonly explain?: string;
}

interface StatusFlags {
  readonly short: boolean;
  readonly json: boolean;
  readonly html?: string;
  readonly watch?: number | true;
}

interface UpFlags {
  readonly rebuild: boolean;
  readonly yes: boolean;
}

interface CleanupFlags {
  readonly apply: boolean;
  readonly yes: boolean;
  readonly without: readonly string[];
  readonly replacePolicy: boolean;
  readonly include: readonly string[];
}

/** Collects the values of an option that can be repeated. */
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

function parseSeconds(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("Use a number of seconds.");
  return Number(text);
}

/** GitLab shows colours in a job's log, although that is not a terminal. */
function hasColors({ env }: CommandContext): boolean {
  return !env.NO_COLOR && (process.stdout.isTTY || env.GITLAB_CI === "true");
}

/**
 * The package's version; its package.json is found by name, since sources and compiled files are in different
 * places.
 */
function readVersion(): string {
  const text = readFileSync(require.resolve("slipway/package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
