import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findGitLabRemedy } from "../../components/registry/gitlabRemedies";
import { needsGitLab } from "../../config/problems";
import { withDefaults } from "../../config/schema";
import { UserError } from "../errors";
import { readFailures } from "../pulumi/eventLog";
import { findConflictRemedy } from "../pulumi/fieldConflicts";
import { isTruncated, repairFileBackend } from "../pulumi/fileBackend";
import type { CommandContext } from "../io";
import { readProjectName } from "../pulumi/project";
import { pruneTokens } from "../gitlab/stackTokens";
import { Pulumi } from "../pulumi/pulumiCli";
import { recoverPendingCreates } from "../pulumi/recovery";
import { redact } from "../redact";
import type { ConfiguredStack } from "../gitlab/connection";

/** Options of `slipway up`. */
export interface UpOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** The stack; the selected one if left out. */
  readonly stack?: string;
  /** Whether the changes were agreed to beforehand. */
  readonly yes: boolean;
  /** Further options of `pulumi up`. */
  readonly pulumiOptions?: readonly string[];
}

/**
 * `slipway up`: `pulumi up`, with what belongs before and after it. What a killed update left is mended
 * first; afterwards the deploy tokens are revoked that such an update made and no state knows.
 *
 * @throws UserError when the update does not succeed
 */
export async function up(options: UpOptions, io: CommandContext): Promise<void> {
  const { cwd, pulumiOptions = [], yes } = options;
  const pulumi = new Pulumi(io, cwd);
  const stack = options.stack ?? (await pulumi.findSelectedStack());
  const project = readProjectName(cwd);
  const [values, state] = await readStack(stack, pulumi);

  const context = values["kubernetes:context"];
  await recoverPendingCreates({ cwd, stack, context, state }, pulumi, io);
  await update(stack, [...(yes ? ["--yes"] : []), ...pulumiOptions], pulumi);
  const read = await readCredentials({ project, stack, values }, pulumi);
  if (needsGitLab(withDefaults(project, read))) {
    await pruneTokens({ cwd, project, stack, values }, pulumi, io);
  }
}

/** A stack's configuration and state. A kill may have cut off what tells of the state: that is removed. */
async function readStack(stack: string, pulumi: Pulumi) {
  const read = () => Promise.all([pulumi.readConfig(stack), pulumi.readState(stack)]);
  try {
    return await read();
  } catch (error) {
    if (!isTruncated(error) || repairFileBackend(await pulumi.findBackend()).length === 0)
      throw error;
    return read();
  }
}

/** The values with `credentials`, of which Pulumi shows nothing where a password of theirs is a secret. */
async function readCredentials(
  { project, stack, values }: Omit<ConfiguredStack, "cwd">,
  pulumi: Pulumi,
): Promise<ConfiguredStack["values"]> {
  const key = `${project}:credentials`;
  return values[key] === "" ? { ...values, [key]: await pulumi.readSecret(stack, key) } : values;
}

async function update(stack: string, options: string[], pulumi: Pulumi): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-up-"));
  const log = join(folder, "events");
  try {
    if (await pulumi.update(stack, options, log)) return;
    const { builds, errors, gitlab } = readFailures(log);
    const remedies = [
      ...gitlab.flatMap((failure) => findGitLabRemedy(failure) ?? []),
      ...errors.flatMap((message) => findConflictRemedy(message, stack) ?? []),
    ];
    const ends = builds.map((lines) => `The end of the build's log:\n${indent(redact(lines))}`);
    throw new UserError(
      [
        `The update of \`${stack}\` did not succeed; above is why.`,
        ...ends,
        ...new Set(remedies),
      ].join("\n"),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function indent(lines: string): string {
  return lines.replace(/^/gm, "  ");
}
