import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { findStackFile } from "../pulumi/project";
import type { Pulumi } from "../pulumi/pulumiCli";
import { listStages } from "./stages";

/** Arguments of {@link prepareProgram}. */
interface UpdateRequest {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Name of the stack; default: the selected one. */
  readonly stack?: string;
  /** Whether the changes were agreed to beforehand. */
  readonly yes: boolean;
}

/**
 * Prepares the first update of a program: installs its packages, and chooses the stack.
 *
 * @returns the stack, which need not exist
 * @throws UserError if the packages can't be installed, or if no stack can be chosen
 */
export async function prepareProgram(
  { cwd, stack: named }: UpdateRequest,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<string> {
  await installProgram(cwd, io);
  return named ?? (await pulumi.tryFindSelectedStack()) ?? chooseFirstStack(cwd);
}

/**
 * Creates a stack that does not exist, if it may be created and the user agrees.
 *
 * @param request.stack name that the user gave; undefined if the stack was chosen
 * @returns whether it was created
 */
export async function createStack(
  stack: string,
  { cwd, stack: named, yes }: UpdateRequest,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<boolean> {
  if (!mayCreate(cwd, stack, io)) return false;
  if (!yes && !(await io.confirm(`There is no stack \`${stack}\` yet. Create it?`))) return false;
  // Pulumi selects a new stack: the next `pulumi config set` would change it and not the one that was selected.
  const isOtherSelected =
    named !== undefined && (await pulumi.tryFindSelectedStack()) !== undefined;
  const options = isOtherSelected ? ["--no-select"] : [];
  const { code } = await io.stream("pulumi", ["stack", "init", stack, ...options], cwd);
  return code === 0;
}

/**
 * Whether a missing stack may be created: only if it has a file. A pipeline's job creates no stack, because
 * with a wrong backend URL it would deploy everything a second time.
 */
function mayCreate(cwd: string, stack: string, { env }: CommandContext): boolean {
  return !env.GITLAB_CI && existsSync(join(cwd, findStackFile(cwd, stack)));
}

/** Installs the packages of a program that was just cloned or written: Pulumi can't run it without them. */
async function installProgram(cwd: string, io: CommandContext): Promise<void> {
  if (!existsSync(join(cwd, "package.json")) || existsSync(join(cwd, "node_modules"))) return;
  const command = existsSync(join(cwd, "package-lock.json")) ? "ci" : "install";
  io.print(`Installing the program's packages: \`npm ${command}\` in \`${cwd}\`.`);
  const { code } = await io.stream("npm", [command, "--no-audit", "--no-fund"], cwd);
  if (code !== 0) {
    throw new UserError(
      `\`npm ${command}\` failed in \`${cwd}\`; the reason is above. Fix it, and run this again.`,
    );
  }
}

/**
 * Chooses the stack to update if none is selected: the only one whose file has no `promoteFrom`.
 *
 * @throws UserError if there is not exactly one
 */
function chooseFirstStack(cwd: string): string {
  const firsts = listStages(cwd).filter(({ promoteFrom }) => promoteFrom === undefined);
  if (firsts.length === 1) return firsts[0].stack;
  throw new UserError(
    "No stack is selected. Name one: `slipway up <stack>`, or select it with `pulumi stack select <stack>`.",
  );
}
