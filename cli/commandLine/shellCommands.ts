import { createInterface } from "node:readline";

import { type CommandLine, formatExamples } from "./commandLine";

/** The commands for a shell: `env`, `completion` and `redact`. */
export function addShellCommands({ program, io, cwd }: CommandLine): void {
  program
    .command("env")
    .summary("print `export` lines that make other programs trust the stack's CA")
    .description(
      'Prints the variables that make other programs trust the stack\'s CA. To set them: eval "$(npx slipway env)"',
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .addHelpText("after", formatExamples(`eval "$(npx slipway env)"`))
    .action(async (stack?: string) => {
      const { env } = require("../commands/env") as typeof import("../commands/env");
      await env({ cwd: cwd(), stack }, io);
    });

  program
    .command("completion")
    .summary("print the script with which a shell completes commands, options and stacks")
    .description(
      "Prints the script with which a shell completes commands, options and stacks. It completes `slipway`: with `npx`, add `alias slipway='npx slipway'`.",
    )
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      formatExamples(
        `source <(npx slipway completion bash)`,
        `npx slipway completion fish > ~/.config/fish/completions/slipway.fish`,
      ),
    )
    .action((shell: string) => {
      const { printCompletion } =
        require("../commands/completion") as typeof import("../commands/completion");
      printCompletion(shell, program, io);
    });

  program
    .command("redact")
    .summary("remove from a log what looks like a credential")
    .description(
      "Copies standard input to standard output, line by line, and replaces everything that looks like a credential.",
    )
    .addHelpText("after", formatExamples("slipway up dev 2>&1 | slipway redact > update.log"))
    .action(async () => {
      const { redactLines } = require("../commands/redact") as typeof import("../commands/redact");
      await redactLines({ lines: createInterface({ input: process.stdin }) }, io);
    });
}
