import type { DeployedRelease, Release } from "../../components/release/release";
import { shortenStackName } from "../../components/release/stackName";
import { computeEnvironmentTag, computePreviousTag } from "../../components/release/tagNames";
import { deploymentPhases, runUpdate } from "../doctor/watchedUpdate";
import { printCommitNote } from "./commitNote";
import { findCommits, renderCommits } from "./commits";
import { UserError } from "../errors";
import { recordTokens } from "../gitlab/pruning";
import { tryReadTokenRecord } from "../gitlab/tokenRecord";
import type { CommandContext } from "../io";
import { StackLockedError } from "../pulumi/locks";
import type { Pulumi } from "../pulumi/pulumiCli";
import { findStackFile } from "../pulumi/project";
import { changeStackFile, type StackChanges } from "../pulumi/stackFile";
import { recoverStack } from "./recoverStack";
import { listPromotions } from "./stages";

/** A release to deploy to a stack. */
export interface Deployment {
  readonly cwd: string;
  readonly stack: string;

  /** What the stack runs; undefined if nothing is deployed. */
  readonly current: DeployedRelease | undefined;

  /** The release to deploy. */
  readonly next: Release;

  /** Changes of the configuration, by key without the project. */
  readonly changes: StackChanges;

  /** Name of the Pulumi project. */
  readonly project: string;

  /** What else the user needs to know before agreeing, a sentence each. */
  readonly notes: readonly string[];

  /** Whether the user agreed beforehand. */
  readonly yes: boolean;
}

/**
 * Shows what will change, asks, recovers from a killed update, configures the stack and updates it. The update
 * stops if the program finds another release than the one that was shown.
 *
 * The configuration is changed first, so that the next update finishes an interrupted one.
 *
 * @throws UserError if the user does not agree, or if the update fails
 */
export async function deploy(
  deployment: Deployment,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<void> {
  const { cwd, next, project, stack } = deployment;
  io.print(await renderDeployment(deployment, io));
  if (!deployment.yes && !(await io.confirm(`Deploy this to \`${stack}\`?`))) {
    throw new UserError("Nothing was changed.");
  }
  const { pending, values } = await recoverStack({ cwd, project, pulumi, stack }, io);
  // For the next `slipway up`, which revokes the tokens that the killed update has created.
  if (pending.length > 0) {
    const earlier = await tryReadTokenRecord(pulumi, stack);
    await recordTokens({ cwd, project, stack, values }, { earlier, pending }, pulumi, io);
  }
  const changes = Object.entries(deployment.changes);
  changeStackFile(
    cwd,
    stack,
    Object.fromEntries(changes.map(([key, value]) => [`${project}:${key}`, value])),
  );
  const file = findStackFile(cwd, stack);
  const retry = `\`${file}\` is set to the new release already: run this again, or go back with \`npx slipway rollback ${stack}\`.`;
  // Who goes back does not want the release further on.
  const promotions = deployment.changes.digest === undefined ? listPromotions(cwd, stack) : [];
  const failures = await runUpdate({ cwd, project, stack, values }, pulumi, io, {
    agreedDigest: next.digest,
    page: { expected: deploymentPhases, promotions },
  }).catch((error: unknown) => {
    if (!(error instanceof StackLockedError)) throw error;
    throw new UserError(`${error.message}\n${retry}`, { cause: error });
  });
  if (failures !== undefined) {
    const failed = `The update of \`${stack}\` failed; the reason is above. ${retry}`;
    throw new UserError([failed, ...failures].join("\n"));
  }
  await reportRelease(deployment, pulumi, io);
  await printCommitNote(io, cwd, file);
}

/** Prints the release in the stack's outputs, which may not be the requested one. */
async function reportRelease(
  { next, stack }: Deployment,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<void> {
  const { release } = await pulumi.findStatus(stack);
  if (release?.digest !== next.digest) {
    throw new UserError(
      `The update of \`${stack}\` succeeded, but the stack runs ${release?.digest ?? "nothing"}, not ${next.digest}: another update came after it. See \`pulumi stack history --stack ${stack}\`.`,
    );
  }
  io.print(`\`${stack}\` runs ${release.digest}.`);
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
  return [old === next ? `  ${name} ${next}, unchanged` : `  ${name} ${old} -> ${next}`];
}
