import type { CommandContext } from "../io";
import { UserError } from "../errors";
import { findStackProject, shortenStackName } from "../../components/release/stackName";
import { readProject } from "./project";
import { Pulumi } from "./pulumiCli";

/** The stack that a command works on. */
export interface StackOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Name of the stack, with or without organization and project; default: the selected one. */
  readonly stack?: string;
}

/** A stack and its configuration. */
export interface ConfiguredStack {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Name of the stack for Pulumi, with or without organization and project. */
  readonly stack: string;
  /** The stack's configuration by key with its namespace; empty if it is a secret. */
  readonly values: Readonly<Record<string, string>>;
}

/** A stack, with the data that every command needs. */
export interface OpenStack extends ConfiguredStack {
  readonly pulumi: Pulumi;
}

/**
 * Opens a stack of the project in a folder.
 *
 * @throws UserError if there is no such project or stack
 */
export async function openStack(options: StackOptions, io: CommandContext): Promise<OpenStack> {
  const { cwd } = options;
  const { pulumi, project, stack } = await selectStack(options, io);
  return { cwd, pulumi, project, stack, values: await pulumi.readConfig(stack) };
}

/** Like {@link openStack}, without the stack's configuration. */
export async function selectStack(
  { cwd, stack: named }: StackOptions,
  io: CommandContext,
): Promise<Omit<OpenStack, "values">> {
  const project = readProject(cwd).name;
  if (named !== undefined) checkProject(named, project);
  const pulumi = new Pulumi(io, cwd);
  return { cwd, pulumi, project, stack: named ?? (await pulumi.findSelectedStack()) };
}

/** `organization/project/stack` may name another project, whose program is not in this folder. */
function checkProject(stack: string, project: string): void {
  const named = findStackProject(stack);
  if (named === undefined || named === project) return;
  throw new UserError(
    `\`${stack}\` is a stack of project \`${named}\`, but the project here is \`${project}\`. Name the folder of \`${named}\` with \`--cwd\`, or use a stack of \`${project}\`: ${shortenStackName(stack)}.`,
  );
}
