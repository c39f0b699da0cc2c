import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { findStaticLimits } from "../../components/image/staticLimits";
import { UserError } from "../errors";
import { describeOffer, dockerfileChoices, listOfferSteps } from "../init/dockerfileOffer";
import { describeFacts, describePlan, listRemarks } from "../init/describe";
import { type Facts, findFacts } from "../init/facts";
import { findCliVersion, readSlipwayPackage } from "../init/slipwayPackage";
import { type PipelineOrigin, type Plan, planFiles } from "../init/plan";
import { findKnownRegistry, findRegistryInFiles, findRegistryInGitLab } from "../init/registry";
import { listAncestors, openRepository, type Repository } from "../init/repository";
import { isWorkspaceMember } from "../init/workspaces";
import { writePlan } from "../init/writePlan";
import type { CommandContext } from "../io";
import { findProjectFolder } from "../projectFolder";

/** Options of `slipway init`. */
export interface InitOptions {
  /** Folder in the repository of the site. */
  readonly cwd: string;
  /** Folder for the program, relative to the repository's top. */
  readonly folder: string;
  /** Folder of the site, if the repository has several. */
  readonly site?: string;
  /** Stacks, in the order in which a release goes through them. */
  readonly stacks: readonly string[];
  /** Registry, `host[:port]`, if it is known. */
  readonly registry?: string;
  /** Dependencies of the program that npm installs from elsewhere, as `name@specifier`. */
  readonly dependency: readonly string[];
  /**
   * Project on the same GitLab with a copy of Slipway's repository, and the version of it: `project@ref`. By
   * default the repository gets a copy of the package's; `false`: no pipeline.
   */
  readonly pipeline?: string | false;
  /** Whose Dockerfile builds the image, if one is there. By default its own, or the answer to a question. */
  readonly dockerfile?: string;
  /** Whether to write without a question. */
  readonly yes: boolean;
  /** Whether to write nothing, and to print the files instead. */
  readonly dryRun: boolean;
}

/**
 * `slipway init`: writes the program that deploys the site of a repository, the files of its image and the
 * include of the pipeline. It overwrites nothing; run again it changes nothing.
 *
 * @throws UserError if the repository has no site, or several and none is chosen
 */
export async function init(options: InitOptions, io: CommandContext): Promise<void> {
  checkOptions(options);
  const repository = openRepository(resolve(options.cwd));
  checkWorkspaces(repository, options.folder);
  const isReplaced = await replacesDockerfile(repository, options, io);
  const facts = findFacts(repository, options.site, isReplaced);
  const registry = options.registry ?? (await findRegistry(repository, facts, io.env));
  const limits = findStaticLimits(repository.files, facts.site, (file) =>
    readFileSync(join(repository.root, file), "utf8"),
  );
  const remarks = listRemarks(facts, limits);
  const { peerDependencies, version } = readSlipwayPackage();
  const plan = planFiles(repository, facts, {
    folder: options.folder,
    stacks: options.stacks,
    registry,
    dependencies: {
      ...peerDependencies,
      pulumi: findCliVersion(peerDependencies),
      slipway: `^${version}`,
      ...Object.fromEntries(options.dependency.map(parseDependency)),
    },
    pipeline: options.pipeline === false ? undefined : parsePipeline(options.pipeline),
    remarks,
  });

  io.print(["Found:", ...describeFacts(facts, registry)].join("\n"));
  for (const remark of [...remarks, ...plan.pipeline.problems]) io.print(`! ${remark}`);
  if (plan.files.every(({ action }) => action === "keep")) {
    io.print(["Everything is there already: nothing to write.", ...listLines(plan)].join("\n"));
    return;
  }
  io.print(["Files:", ...describePlan(plan)].join("\n"));
  if (options.dryRun) {
    printFiles(plan, io);
    return;
  }
  if (!options.yes && !(await io.confirm("Write these files?"))) {
    io.print("Nothing was written.");
    return;
  }
  writePlan(repository, plan.files);
  io.print(listNextSteps(repository, facts, options, plan, registry).join("\n"));
}

/** Shows the difference between a Dockerfile that is there and Slipway's, and asks which is used. */
async function replacesDockerfile(
  repository: Repository,
  { dockerfile: choice, dryRun, site, yes }: InitOptions,
  io: CommandContext,
): Promise<boolean> {
  const { dockerfile } = findFacts(repository, site);
  if (dockerfile === undefined || dockerfile.isOurs) return false;
  io.print(describeOffer(dockerfile));
  if (choice !== undefined || yes || dryRun) return choice === "slipway";
  return io.confirm("Use Slipway's in its place?");
}

function checkOptions({ dockerfile, folder, stacks }: InitOptions): void {
  if (dockerfile !== undefined && !dockerfileChoices.some((choice) => choice === dockerfile)) {
    throw new UserError(`\`--dockerfile ${dockerfile}\` is not \`own\` or \`slipway\`.`);
  }
  if (folder.startsWith("/") || folder.split("/").includes("..") || folder === ".") {
    throw new UserError(
      `\`--folder ${folder}\` is not a folder below the repository's top. Use one such as \`deploy\`.`,
    );
  }
  const wrong = stacks.filter((stack) => !/^[a-z0-9][a-z0-9-]*$/.test(stack));
  if (wrong.length > 0 || stacks.length === 0) {
    throw new UserError(
      `\`--stacks ${stacks.join(",")}\` is not a list of stacks. Use lower-case letters, digits and \`-\`, such as \`dev,staging,prod\`.`,
    );
  }
}

/** A member's packages are installed with the whole workspace, and the lock file does not have those of the program. */
function checkWorkspaces(repository: Repository, folder: string): void {
  const root = listAncestors(folder)
    .slice(1)
    .find((ancestor) => isWorkspaceMember(repository, ancestor, folder));
  if (root === undefined) return;
  throw new UserError(
    `\`--folder ${folder}\` would be a member of the workspace in \`${root}\`, whose lock file has no packages of the program. Use a folder that its patterns do not match, or exclude it there.`,
  );
}

function parsePipeline(text: string | undefined): PipelineOrigin {
  if (text === undefined) return "package";
  const [, project, ref] = /^([\w.-]+(?:\/[\w.-]+)+)@(\S+)$/.exec(text) ?? [];
  if (project !== undefined) return { project, ref, file: "/templates/slipway.yml" };
  throw new UserError(
    `\`--pipeline ${text}\` is not a project and a version, such as \`web/slipway@v1.0.0\`.`,
  );
}

/** Splits `name@specifier`, whose name may have a scope. */
function parseDependency(text: string): [name: string, specifier: string] {
  const [, name, specifier] = /^((?:@[^@/]+\/)?[^@/]+)@(.+)$/.exec(text) ?? [];
  if (name !== undefined) return [name, specifier];
  throw new UserError(
    `\`--dependency ${text}\` is not a package and what npm installs for it, such as \`slipway@1.2.3\` or \`slipway@file:../slipway.tgz\`.`,
  );
}

/** GitLab knows the registry, if there is a token to ask it with; else the repository's files may name it. */
async function findRegistry(
  repository: Repository,
  { gitlab }: Facts,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (gitlab === undefined) return undefined;
  return (
    findKnownRegistry(gitlab) ??
    findRegistryInFiles(repository, gitlab) ??
    (await findRegistryInGitLab(gitlab, env))
  );
}

function printFiles({ files }: Plan, io: CommandContext): void {
  for (const { action, content, path } of files) {
    if (action !== "keep") io.print(`\n--- ${path}\n${content.trimEnd()}`);
  }
}

function listNextSteps(
  { root }: Repository,
  { dockerfile, dockerfilePlace, gitlab }: Facts,
  options: InitOptions,
  plan: Plan,
  registry: string | undefined,
): string[] {
  const { folder, stacks } = options;
  // Of several programs, and of one that is deeper, the command does not find the one that is meant.
  const isFound = findProjectFolder(root) === join(root, folder);
  const missing = [
    ...(gitlab === undefined ? ["project", "gitlab:baseUrl"] : []),
    ...(registry === undefined ? ["registry"] : []),
  ];
  return [
    "Next:",
    ...(missing.length === 0
      ? []
      : [`  fill in ${missing.map((key) => `\`${key}\``).join(", ")} in ${folder}/Pulumi.yaml`]),
    ...(dockerfile === undefined ? listOfferSteps(plan.files, folder, dockerfilePlace) : []),
    ...listLines(plan),
    ...(options.pipeline === false
      ? []
      : [
          `  (cd ${folder} && npm install)    # creates the lock file, from which the pipeline installs`,
        ]),
    `  git add --all && git commit --message "Deploy with Slipway"`,
    "  export GITLAB_TOKEN=<token>    # scope api, of a Maintainer of the project",
    `  npx slipway ${isFound ? "" : `--cwd ${folder} `}up ${stacks[0]}`,
  ];
}

/** Lines of the pipeline that a person has to add. */
function listLines({ pipeline: { byHand } }: Plan): string[] {
  if (byHand === undefined) return [];
  return ["  add to .gitlab-ci.yml:", byHand.trimEnd().replace(/^/gm, "    ")];
}
