import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findGitLabRemedy } from "../../components/registry/gitlabRemedies";
import { parseStackConfig } from "../../config/parse";
import type { CommandContext } from "../io";
import { readFailures } from "../pulumi/eventLog";
import { findConflictRemedy } from "../pulumi/fieldConflicts";
import type { ConfiguredStack } from "../pulumi/openStack";
import { describePhases } from "../pulumi/phases";
import type { Pulumi, UpdateArgs } from "../pulumi/pulumiCli";
import { redact } from "../redact";
import { explain } from "./explain";
import { buildMessages } from "./messages/index";
import { describePageErrors } from "./pageErrors";
import type { PodFinding } from "./pods/podFindings";
import { RolloutWatch } from "./rolloutWatch";

/**
 * Runs an update, and says why it failed: the end of a failed build's log, what the site's pods say, and what to do.
 *
 * @returns undefined if the update succeeded
 */
export async function runUpdate(
  stack: ConfiguredStack,
  pulumi: Pulumi,
  io: CommandContext,
  args: Pick<UpdateArgs, "agreedDigest" | "contentVersion" | "options">,
): Promise<readonly string[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-up-"));
  const eventLog = join(folder, "events");
  const watch = new RolloutWatch(stack, eventLog, pulumi, io);
  try {
    const onStart = (pid: number): void => watch.start(pid);
    const succeeded = await pulumi
      .update(stack.stack, { ...args, eventLog, onStart })
      .finally(() => watch.end());
    if (succeeded) {
      const took = describePhases(eventLog);
      if (took !== undefined) io.print(took);
      return undefined;
    }
    return [...describeFailures(eventLog, stack), ...(await watch.diagnose()).map(renderFinding)];
  } finally {
    watch.close();
    rmSync(folder, { recursive: true });
  }
}

/** Pulumi shows the outputs of a failed update as removed, although the stack keeps them. */
const nothingDeployed =
  "Nothing was deployed: the site runs as before. Outputs that Pulumi shows with a minus above are still the stack's.";

function describeFailures(eventLog: string, configured: ConfiguredStack): string[] {
  const { stack } = configured;
  const { builds, errors, gitlab } = readFailures(eventLog);
  const remedies = [
    // A killed step prints nothing: BuildKit's own message has its exit code.
    ...[...builds, ...errors].flatMap((text) => explain(text, buildMessages)?.next ?? []),
    ...gitlab.flatMap((failure) => findGitLabRemedy(failure) ?? []),
    ...errors.flatMap((message) => findConflictRemedy(message, stack) ?? []),
  ];
  if (builds.length === 0) return [...new Set(remedies)];
  const pages = listPageErrors(builds, configured);
  const ends = builds.map((lines) => `The end of the build's log:\n${indent(redact(lines))}`);
  return [...new Set(pages), ...ends, ...new Set(remedies), nothingDeployed];
}

function listPageErrors(
  builds: readonly string[],
  { cwd, project, values }: ConfiguredStack,
): string[] {
  const { siteDirectory } = parseStackConfig(project, { values, secrets: [] }).image;
  return builds.flatMap((log) => describePageErrors(log, join(cwd, siteDirectory), cwd));
}

function renderFinding({ cause, lines = [], remedy }: PodFinding): string {
  const shown = lines.length === 0 ? [] : [indent(redact(lines.join("\n")))];
  return [redact(cause), ...shown, remedy].join("\n");
}

function indent(lines: string): string {
  return lines.replace(/^/gm, "  ");
}
