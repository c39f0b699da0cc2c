import { addTo, type CommandLine, formatExamples } from "./commandLine";

/** The commands for the registry and its credentials: `tokens`, `rotate` and `cleanup`. */
export function addRegistryCommands({ program, io, cwd }: CommandLine): void {
  program
    .command("tokens")
    .summary("list a stack's deploy tokens")
    .description(
      "Lists the deploy tokens in GitLab that are named like a stack's, and shows which of them are in its state.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .option("--prune", "ask, and then revoke the tokens that are not in its state", false)
    .option("-y, --yes", "do not ask for confirmation", false)
    .addHelpText("after", formatExamples("slipway tokens", "slipway tokens prod --prune"))
    .action(async (stack: string | undefined, { prune, yes }: { prune: boolean; yes: boolean }) => {
      const { tokens } = require("../commands/tokens") as typeof import("../commands/tokens");
      await tokens({ cwd: cwd(), stack, prune, yes }, io);
    });

  program
    .command("rotate")
    .summary("replace the deploy tokens of stacks now")
    .description(
      "Replaces the deploy tokens of stacks now, such as after a leak, and changes nothing else. Tokens are also rotated in time, by the first update of each period. Writes the number of rotations to the stack's file, which has to be committed.",
    )
    .argument("[stacks...]", "stacks of this project; the selected one if left out")
    .option("--all", "rotate the tokens of all stacks of this project", false)
    .option("--due", "replace only tokens that are due, and write nothing to the file", false)
    .option("-y, --yes", "do not ask for confirmation", false)
    .addHelpText("after", formatExamples("slipway rotate prod", "slipway rotate --all --yes"))
    .action(async (stacks: string[], options: RotateFlags) => {
      const { rotate } = require("../commands/rotate") as typeof import("../commands/rotate");
      await rotate({ cwd: cwd(), stacks, ...options }, io);
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
    .addHelpText("after", formatExamples("slipway cleanup", "slipway cleanup prod --apply"))
    .action(async (stack: string | undefined, options: CleanupFlags) => {
      const { cleanup } = require("../commands/cleanup") as typeof import("../commands/cleanup");
      await cleanup({ cwd: cwd(), stack, ...options }, io);
    });
}

interface RotateFlags {
  readonly all: boolean;
  readonly due: boolean;
  readonly yes: boolean;
}

interface CleanupFlags {
  readonly apply: boolean;
  readonly yes: boolean;
  readonly without: readonly string[];
  readonly replacePolicy: boolean;
  readonly include: readonly string[];
}
