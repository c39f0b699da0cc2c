import { InvalidArgumentError } from "commander";

import type { CommandContext } from "../io";
import { type CommandLine, formatExamples } from "./commandLine";

/** The commands that look and change nothing: `status`, `doctor`, `manifests` and `preview-report`. */
export function addInspectCommands({ program, io, cwd }: CommandLine): void {
  program
    .command("status")
    .summary("show what runs where")
    .description("Shows what each stack runs, and what the next stage waits for. Changes nothing.")
    .argument("[stacks...]", "stacks of this project; all if left out")
    .option("--short", "show only the table, and what needs attention", false)
    .option("--json", "print JSON; with --watch, a line for each round", false)
    .option("--html <file>", "write a page for a browser")
    .option("--watch [seconds]", "show it again and again, after a pause", parseSeconds)
    .addHelpText(
      "after",
      formatExamples(
        "slipway status",
        "slipway status prod --watch 30",
        "slipway status --html status.html",
      ),
    )
    .action(async (stacks: string[], flags: StatusFlags) => {
      const { status } = require("../commands/status") as typeof import("../commands/status");
      const terminal = { color: hasColors(io), isTerminal: process.stdout.isTTY };
      await status({ cwd: cwd(), stacks, ...terminal, ...flags }, io);
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
    .addHelpText(
      "after",
      formatExamples(
        "slipway doctor prod",
        "slipway doctor --registry gitlab.example.com:5050 --project web/site --username reader",
        `slipway doctor --explain "x509: certificate signed by unknown authority"`,
      ),
    )
    .action(async (stack: string | undefined, { explain, ...options }: DoctorFlags) => {
      const { doctor, explainMessage } =
        require("../commands/doctor") as typeof import("../commands/doctor");
      if (explain !== undefined) explainMessage(explain, io);
      else await doctor({ cwd: cwd(), stack, ...options }, io);
    });

  program
    .command("manifests")
    .summary("print a stack's Kubernetes objects as YAML")
    .description(
      "Runs a stack's program without a cluster, GitLab or a registry, and prints the Kubernetes objects that it registers as YAML, without secrets. Changes nothing.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .addHelpText(
      "after",
      formatExamples("slipway manifests prod", "slipway manifests prod | kubectl diff -f -"),
    )
    .action(async (stack: string | undefined) => {
      const { manifests } =
        require("../commands/manifests") as typeof import("../commands/manifests");
      await manifests({ cwd: cwd(), stack }, io);
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
    .option("--pages <folder>", "say which pages of this built site differ from those that run")
    .option("--warn-days <days>", "warn of a token that expires in fewer days", parseDays, 14)
    .addHelpText(
      "after",
      formatExamples(
        "pulumi preview --json --stack prod > prod.json 2> prod.err",
        "slipway preview-report prod.json --markdown report.md",
      ),
    )
    .action(async (files: string[], options: ReportFlags) => {
      const { previewReport } =
        require("../commands/previewReport") as typeof import("../commands/previewReport");
      await previewReport({ cwd: cwd(), files, color: hasColors(io), ...options }, io);
    });
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
