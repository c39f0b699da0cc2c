import { tryReadStackFile } from "../../components/release/stackFiles";
import { findStackProject, shortenStackName } from "../../components/release/stackName";
import { UserError } from "../errors";
import { locateState } from "../pulumi/fileBackend";
import type { ConfiguredStack } from "../pulumi/openStack";
import { isSameStack, readProject } from "../pulumi/project";
import type { Pulumi } from "../pulumi/pulumiCli";
import { type StackRecord, tryReadStackFiles } from "../pulumi/stateFiles";
import { renderValues } from "../pulumi/updateRecord";
import { mapSideBySide, type Read, tryRead } from "./sideBySide";

/** A stack with its configuration, and with what its backend has of it. */
export interface RecordedStack extends ConfiguredStack {
  readonly record: Read<StackRecord>;
}

/** The stacks to show, and those that only their releases come from. */
export interface RecordedStacks {
  readonly project: string;
  readonly shown: readonly RecordedStack[];
  readonly sources: readonly RecordedStack[];
}

/** Number of operations in which the one is looked for that deployed the release. */
const historyLength = 20;

/** Number of `pulumi` processes at the same time. Each takes a fifth of a second of a core. */
const stacksAtOnce = 4;

/**
 * Reads the project's stacks from their backend. It reads no secret, so it needs no passphrase.
 *
 * @param named stacks to show; all if empty
 * @throws UserError if the backend can't be read, or a named stack does not exist
 */
export async function readStacks(
  cwd: string,
  named: readonly string[],
  pulumi: Pulumi,
): Promise<RecordedStacks> {
  const { defaults, name: project } = readProject(cwd);
  const [all, backend] = await Promise.all([pulumi.listStacks(), pulumi.findBackend()]);
  const folder = locateState(backend, cwd);
  const read = async (stack: string): Promise<RecordedStack> => {
    const record = await tryRead(() => readRecord(stack, { folder, project }, pulumi));
    const last = "value" in record ? record.value.history.at(0)?.config : undefined;
    const file = tryReadStackFile(project, stack, cwd);
    const values = file === undefined ? { ...defaults, ...last } : renderValues(file);
    return { cwd, project, stack, record, values };
  };

  const shown = await mapSideBySide(selectNamed(all, named, project), stacksAtOnce, read);
  const sources = shown
    .map((stack) => findSource(stack))
    .filter((source) => source !== undefined)
    .filter((source) => !shown.some(({ stack }) => isSameStack(stack, source, project)))
    .filter((source) => isOtherProject(source, project) || hasStack(all, source, project));
  return {
    project,
    shown,
    sources: await mapSideBySide([...new Set(sources)], stacksAtOnce, read),
  };
}

/** The stack that a stack's releases come from, as its configuration names it; undefined if it builds its own. */
export function findSource({
  project,
  values,
}: Pick<ConfiguredStack, "project" | "values">): string | undefined {
  if (values[`${project}:release`] !== "promote") return undefined;
  return values[`${project}:promoteFrom`] || undefined;
}

function selectNamed(
  all: readonly string[],
  named: readonly string[],
  project: string,
): readonly string[] {
  if (named.length === 0) return all;
  const missing = named.filter((name) => !hasStack(all, name, project));
  if (missing.length === 0) return all.filter((stack) => hasStack(named, stack, project));
  const list = missing.map((name) => `\`${name}\``).join(", ");
  const are = missing.length === 1 ? "is not a stack" : "are not stacks";
  throw new UserError(
    `${list} ${are} of project \`${project}\`. Its stacks are: ${all.join(", ") || "none"}.`,
  );
}

function hasStack(all: readonly string[], name: string, project: string): boolean {
  return all.some((stack) => isSameStack(name, stack, project));
}

/** Whether a name, `organization/project/stack`, is of a stack of another project. */
function isOtherProject(stack: string, project: string): boolean {
  return (findStackProject(stack) ?? project) !== project;
}

async function readRecord(
  stack: string,
  { folder, project }: { readonly folder: string | undefined; readonly project: string },
  pulumi: Pulumi,
): Promise<StackRecord> {
  const name = { project: findStackProject(stack) ?? project, stack: shortenStackName(stack) };
  const files = folder === undefined ? undefined : tryReadStackFiles(folder, name, historyLength);
  if (files !== undefined) return files;
  const [state, history] = await Promise.all([
    pulumi.readState(stack),
    pulumi.readHistory(stack, historyLength),
  ]);
  return { state, history };
}
