import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  computeNextRotation,
  computeRotationPeriod,
} from "../../components/registry/rotationPeriod";
import { shortenStackName } from "../../components/release/stackName";
import { needsGitLab } from "../../config/parse";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { findStackFile, readProject } from "../pulumi/project";
import { Pulumi } from "../pulumi/pulumiCli";
import { readCredentials } from "../pulumi/stackCredentials";
import { selectStack } from "../pulumi/openStack";
import { stackType } from "../pulumi/resourceTypes";
import { changeStackFile } from "../pulumi/stackFile";
import type { StackState } from "../pulumi/stackState";
import { printCommitNote } from "../release/commitNote";
import { readNow, readStackConfig } from "../stackConfig";
import { up } from "./up";

/** Options of `slipway rotate`. */
export interface RotateOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Stacks of this project; default: the selected one. */
  readonly stacks: readonly string[];
  /** Whether to rotate the tokens of all stacks of this project. */
  readonly all: boolean;
  /** Whether to replace only tokens that are due by the calendar, as the next update would. */
  readonly due: boolean;
  /** Whether the user agreed beforehand. */
  readonly yes: boolean;
}

/** A stack whose tokens can be rotated. */
interface Rotation {
  readonly stack: string;
  /** Its file, relative to the project's folder. */
  readonly file: string;
  /** Number of forced rotations after this one; undefined if only what is due is replaced. */
  readonly next: number | undefined;
  /** Digest to keep, if the stack takes another stack's release, which may be newer by now. */
  readonly keptDigest: string | undefined;
}

/**
 * `slipway rotate`: replaces the deploy tokens of stacks now, and changes nothing else: no release and no other
 * resource. It counts `rotation` in the stack's file, so that the next update keeps the new tokens. With `due` it
 * replaces only tokens that are due by the calendar, and leaves the file alone.
 *
 * @throws UserError if a stack does not exist or its update fails; the other stacks are rotated nevertheless
 */
export async function rotate(options: RotateOptions, io: CommandContext): Promise<void> {
  const { cwd, due, yes } = options;
  const found: Rotation[] = [];
  for (const stack of await findStacks(options, io)) {
    const rotation = await prepareRotation(cwd, stack, due, io);
    if (typeof rotation === "string") io.print(rotation);
    else found.push(rotation);
  }
  if (found.length === 0) {
    io.print("There is nothing to rotate.");
    return;
  }
  for (const { file, next, stack } of found) {
    if (next !== undefined) {
      io.print(`${stack}: new deploy tokens; \`rotation\` becomes ${next} in \`${file}\`.`);
    }
  }
  const which = found.map(({ stack }) => `\`${stack}\``).join(", ");
  const question = due
    ? `Replace the deploy tokens of ${which} that are due?`
    : `Rotate the deploy tokens of ${which}?`;
  if (!yes && !(await io.confirm(question))) throw new UserError("Nothing was changed.");
  const failures: string[] = [];
  for (const rotation of found) {
    try {
      await rotateStack(cwd, rotation, io);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(describeFailure(rotation, error));
    }
  }
  if (failures.length > 0) throw new UserError(failures.join("\n"));
  if (!due) io.print(describeFormerTokens(options.all, found));
}

function describeFormerTokens(all: boolean, found: readonly Rotation[]): string {
  const again = all ? "--all" : found.map(({ stack }) => stack).join(" ");
  return `The former push token is revoked. The former pull token is valid until it expires or until the next rotation, since nodes may be pulling with it. If it has leaked, wait until no pod is starting, and run this once more: \`npx slipway rotate ${again}\`.`;
}

async function findStacks(
  { all, cwd, stacks }: RotateOptions,
  io: CommandContext,
): Promise<readonly string[]> {
  if (all && stacks.length > 0) {
    const named = stacks.map((stack) => `\`${stack}\``).join(", ");
    const are = stacks.length === 1 ? "is" : "are";
    throw new UserError(
      `\`--all\` rotates the tokens of every stack, but ${named} ${are} named too. Leave out \`--all\` or the names.`,
    );
  }
  if (all) {
    readProject(cwd);
    return new Pulumi(io, cwd).listStacks();
  }
  if (stacks.length === 0) return [(await selectStack({ cwd }, io)).stack];
  return [...new Set(stacks)];
}

/** Prepares a rotation. @returns a sentence if the stack has no tokens of its own */
async function prepareRotation(
  cwd: string,
  stack: string,
  due: boolean,
  io: CommandContext,
): Promise<Rotation | string> {
  const { project, pulumi } = await selectStack({ cwd, stack }, io);
  const { exists, release } = await pulumi.findStatus(stack);
  if (!exists) throw await pulumi.createMissingStackError(stack);
  if (release === undefined) {
    return `Nothing is deployed on \`${stack}\`, so it has no tokens to rotate.`;
  }
  const values = await pulumi.readConfig(stack);
  const file = findStackFile(cwd, stack);
  const keptDigest = values[`${project}:release`] === "promote" ? release.digest : undefined;
  // The update itself finds out what is due. Existing credentials may have a new password for the pull secret.
  if (due) return { stack, file, next: undefined, keptDigest };
  const config = readStackConfig(
    project,
    stack,
    await readCredentials({ project, stack, values }, pulumi),
  );
  if (!needsGitLab(config)) {
    return `\`${stack}\` has no deploy tokens of its own: its \`credentials\` name existing ones. Replace them where they come from, then in \`credentials\`.`;
  }
  const { rotateEveryDays, rotation } = config.access;
  const owner = `${project}/${shortenStackName(stack)}`;
  const period = computeRotationPeriod(readNow(io.env), rotateEveryDays, owner);
  const inUse = findPullTokenExpiry(await pulumi.readState(stack));
  const next = computeNextRotation(rotation, period, rotateEveryDays, inUse);
  return { stack, file, next, keptDigest };
}

/** Expiry of the pull token in use, from the stack's outputs. */
function findPullTokenExpiry({ resources }: StackState): string | undefined {
  const value = resources.find(({ type }) => type === stackType)?.outputs?.pullTokenExpiresAt;
  return typeof value === "string" ? value : undefined;
}

/** Only the tokens and the pull secret: names in the URNs, see components/registry and components/site. */
const targets = ["**DeployToken**", "**kubernetes:core/v1:Secret**"];

async function rotateStack(
  cwd: string,
  { file, keptDigest, next, stack }: Rotation,
  io: CommandContext,
): Promise<void> {
  if (next !== undefined) {
    changeStackFile(cwd, stack, { [`${readProject(cwd).name}:rotation`]: String(next) });
  }
  const folder = mkdtempSync(join(tmpdir(), "slipway-rotate-"));
  try {
    const kept = keptDigest === undefined ? [] : pinInCopy(join(cwd, file), folder, keptDigest);
    const pulumiOptions = ["--skip-preview", ...kept, ...targets.flatMap((to) => ["--target", to])];
    await up({ cwd, stack, yes: true, pulumiOptions }, io);
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (next === undefined) return;
  io.print(`\`${shortenStackName(stack)}\` uses new tokens.`);
  await printCommitNote(io, cwd, file);
}

/** Options that pin the stack to a digest for this update. Pulumi writes the pin to the file: it gets a copy. */
function pinInCopy(file: string, folder: string, digest: string): string[] {
  const copy = join(folder, "Pulumi.yaml");
  if (existsSync(file)) copyFileSync(file, copy);
  else writeFileSync(copy, "{}\n");
  return ["--config-file", copy, "--config", `digest=${digest}`];
}

function describeFailure(rotation: Rotation, { message }: UserError): string {
  const { file, keptDigest, next, stack } = rotation;
  if (next === undefined) return message;
  // A plain update of a stack that promotes would also take a newer release.
  const command = keptDigest === undefined ? "up" : "rotate";
  return `${message}\n\`${file}\` has \`rotation\` ${next} already: \`npx slipway ${command} ${stack}\` finishes this.`;
}
