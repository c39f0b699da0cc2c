import { addTo, type CommandLine, formatExamples } from "./commandLine";

/** The commands that deploy: `init`, `up`, `promote`, `rollback` and `adopt`. */
export function addDeployCommands({ program, io, folder, cwd }: CommandLine): void {
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
    .addHelpText(
      "after",
      formatExamples("slipway init", "slipway init --stacks dev,prod --dry-run"),
    )
    .action(async ({ stacks, ...options }: InitFlags) => {
      const { init } = require("../commands/init") as typeof import("../commands/init");
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
    .option(
      "-y, --yes",
      "neither preview nor ask; with `-- --policy-pack` preview all the same",
      false,
    )
    .addHelpText(
      "after",
      formatExamples(
        "slipway up dev",
        "slipway up dev --rebuild",
        "slipway up prod -- --refresh --diff",
      ),
    )
    .action(async (first: string | undefined, others: string[], flags: UpFlags) => {
      // After `--` an option is an argument like any other.
      const isStack = first !== undefined && !first.startsWith("-");
      const pulumiOptions = isStack || first === undefined ? others : [first, ...others];
      const { up } = require("../commands/up") as typeof import("../commands/up");
      await up({ cwd: cwd(), stack: isStack ? first : undefined, pulumiOptions, ...flags }, io);
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
    .addHelpText(
      "after",
      formatExamples("slipway promote dev staging", "slipway promote staging prod --yes"),
    )
    .action(async (from: string, to: string, { yes }: { yes: boolean }) => {
      const { promote } = require("../commands/promote") as typeof import("../commands/promote");
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
    .addHelpText(
      "after",
      formatExamples("slipway rollback prod", "slipway rollback prod --to v1.2.3"),
    )
    .action(async (stack: string, { to, yes }: { to?: string; yes: boolean }) => {
      const { rollback } = require("../commands/rollback") as typeof import("../commands/rollback");
      await rollback({ cwd: cwd(), stack, to, yes }, io);
    });

  program
    .command("adopt")
    .summary("take over from a site that was deployed by hand")
    .description(
      "Leads the requests of a site that was deployed by hand to the pods of a stack in the same namespace, while both run. Shows the plan first, and deletes nothing but with `--finish`.",
    )
    .argument("[stack]", "stack of this project; the selected one if left out")
    .option("--deployment <name>", "Deployment that was made by hand", "gatsby-site")
    .option("--undo", "lead the requests back to the pods of that Deployment", false)
    .option(
      "--finish",
      "delete that Deployment, and its pull secret if nothing else uses it",
      false,
    )
    .option("-y, --yes", "do not ask for confirmation", false)
    .addHelpText(
      "after",
      formatExamples(
        "slipway adopt prod",
        "slipway adopt prod --undo",
        "slipway adopt prod --finish",
      ),
    )
    .action(async (stack: string | undefined, flags: AdoptFlags) => {
      const { adopt } = require("../commands/adopt") as typeof import("../commands/adopt");
      await adopt({ cwd: cwd(), stack, ...flags }, io);
    });
}

interface AdoptFlags {
  readonly deployment: string;
  readonly undo: boolean;
  readonly finish: boolean;
  readonly yes: boolean;
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

interface UpFlags {
  readonly rebuild: boolean;
  readonly yes: boolean;
}
