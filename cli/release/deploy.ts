import type { DeployedRelease, Release } from "../../components/release/release";
import { computeEnvironmentTag, computePreviousTag } from "../../components/release/tagNames";
import { findCommits, renderCommits } from "./commits";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { Pulumi } from "../pulumi/pulumiCli";
import { findStackFile, shortenStackName } from "../pulumi/project";
import { changeStackFile, type StackChanges } from "../pulumi/stackFile";

/** A release that a stack is about to be given. */
export interface Deployment {
  readonly cwd: string;
  readonly stack: string;

  /** What the stack runs; undefined where nothing is deployed. */
  readonly current: DeployedRelease | undefined;

  /** What it shall run. */
  readonly next: Release;

  /** Configuration that makes it so, by key without the project. */
  readonly changes: StackChanges;

  /** Name of the Pulumi project. */
  readonly project: string;

  /** What else to know before one agrees, each a sentence. */
  readonly notes: readonly string[];

  /** Whether the user agreed beforehand. */
  readonly yes: boolean;
}

/**
 * Shows what will change, asks, configures the stack and updates it.
 *
 * The configuration is changed first: an update that is interrupted is finished by the next one, whoever
 * runs it.
 *
 * @throws UserError when the user does not agree, or the update does not succeed
 */
export async function deploy(
  deployment: Deployment,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<void> {
  const { cwd, project, stack } = deployment;
  io.print(await renderDeployment(deployment, io));
  if (!deployment.yes && !(await io.confirm(`Deploy this to \`${stack}\`?`))) {
    throw new UserError("Nothing was changed.");
  }
  const changes = Object.entries(deployment.changes);
  changeStackFile(
    cwd,
    stack,
    Object.fromEntries(changes.map(([key, value]) => [`${project}:${key}`, value])),
  );
  if (!(await pulumi.update(stack))) {
    throw new UserError(
      `The update of \`${stack}\` did not succeed; above is why. \`${findStackFile(cwd, stack)}\` asks for the new release already: run this again, or go back with \`npx slipway rollback ${stack}\`.`,
    );
  }
  io.print(`\`${stack}\` runs ${deployment.next.digest}.`);
  if (await isUncommitted(io, cwd, findStackFile(cwd, stack))) {
    io.print(`Commit \`${findStackFile(cwd, stack)}\`: other machines and pipelines go by it.`);
  }
}

async function renderDeployment(deployment: Deployment, io: CommandContext): Promise<string> {
  const { changes, current, cwd, next, stack } = deployment;
  const lines = [`${stack}:`, ...renderChange("digest", current?.digest, next.digest)];
  lines.push(...renderChange("version", current?.version, next.version));
  lines.push(...renderChange("commit", current?.commit, next.commit));
  lines.push(`  tag ${computeEnvironmentTag(shortenStackName(stack))}: ${next.digest}`);
  if (current !== undefined && current.digest !== next.digest) {
    lines.push(`  tag ${computePreviousTag(shortenStackName(stack))}: ${current.digest}`);
    lines.push(...renderCommits(await findCommits(io, cwd, current.commit, next.commit)));
  }
  const settings = Object.entries(changes).map(([key, value]) =>
    value === undefined ? `no ${key}` : `${key} ${value}`,
  );
  lines.push(`  ${findStackFile(cwd, stack)}: ${settings.join(", ")}`);
  return [...lines, ...deployment.notes].join("\n");
}

function renderChange(name: string, from = "", to: string): string[] {
  if (from === "" && to === "") return [];
  const [old, next] = [from, to].map((value) => value || "none");
  return [old === next ? `  ${name} ${next}, as it is` : `  ${name} ${old} -> ${next}`];
}

/** Whether git has something to commit of a file; not where there is no git. */
async function isUncommitted(io: CommandContext, cwd: string, file: string): Promise<boolean> {
  const args = ["status", "--porcelain", "--", file];
  const status = await io.capture("git", args, cwd).catch(() => undefined);
  return status?.code === 0 && status.stdout !== "";
}
