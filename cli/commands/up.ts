import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findGitLabRemedy } from "../../components/registry/gitlabRemedies";
import { needsGitLab, parseStackConfig } from "../../config/parse";
import { UserError } from "../errors";
import { explain } from "../doctor/explain";
import { buildMessages } from "../doctor/messages/index";
import { readFailures } from "../pulumi/eventLog";
import { findConflictRemedy } from "../pulumi/fieldConflicts";
import type { CommandContext } from "../io";
import { pruneTokens, recordTokens } from "../gitlab/pruning";
import { selectStack, type StackOptions } from "../pulumi/openStack";
import { Pulumi } from "../pulumi/pulumiCli";
import { readCredentials } from "../pulumi/stackCredentials";
import { redact } from "../redact";
import { prepareProgram } from "../release/prepareProgram";
import { recoverStack } from "../release/recoverStack";

/** Options of `slipway up`. */
export interface UpOptions extends StackOptions {
  /** Whether the changes were agreed to beforehand. */
  readonly yes: boolean;
  /** Further options of `pulumi up`. */
  readonly pulumiOptions?: readonly string[];
}

/**
 * `slipway up`: recovers from a killed update, runs `pulumi up`, and then revokes the deploy tokens that the
 * killed update has created and the state does not know.
 *
 * @throws UserError if the update fails
 */
export async function up(options: UpOptions, io: CommandContext): Promise<void> {
  const { pulumiOptions = [], yes } = options;
  const prepared = await prepareProgram(options, new Pulumi(io, options.cwd), io);
  const { cwd, project, pulumi, stack } = await selectStack({ ...options, stack: prepared }, io);
  const { pending, values } = await recoverStack({ cwd, project, pulumi, stack }, io);
  const read = await readCredentials({ project, stack, values }, pulumi);
  const hasTokens = needsGitLab(parseStackConfig(project, { values: read, secrets: [] }));
  if (hasTokens) await recordTokens({ cwd, project, stack, values }, pending, pulumi, io);
  await update(stack, [...(yes ? ["--yes"] : []), ...pulumiOptions], pulumi);
  if (hasTokens) await pruneTokens({ cwd, project, stack, values }, pulumi, io);
}

async function update(stack: string, options: string[], pulumi: Pulumi): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-up-"));
  const log = join(folder, "events");
  try {
    if (await pulumi.update(stack, { options, eventLog: log })) return;
    const { builds, errors, gitlab } = readFailures(log);
    const remedies = [
      ...builds.flatMap((lines) => explain(lines, buildMessages)?.next ?? []),
      ...gitlab.flatMap((failure) => findGitLabRemedy(failure) ?? []),
      ...errors.flatMap((message) => findConflictRemedy(message, stack) ?? []),
    ];
    const ends = builds.map((lines) => `The end of the build's log:\n${indent(redact(lines))}`);
    throw new UserError(
      [
        `The update of \`${stack}\` failed; the reason is above.`,
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
