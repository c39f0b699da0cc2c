import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findGitLabRemedy } from "../../components/registry/gitlabRemedies";
import { parseStackConfig } from "../../config/parse";
import { shortenStackName } from "../../components/release/stackName";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { PhaseName } from "../progress/phase";
import { describePhases } from "../progress/took";
import type { UpdatePage } from "../progress/updatePage";
import { readFailures } from "../pulumi/eventLog";
import { findConflictRemedy } from "../pulumi/fieldConflicts";
import type { ConfiguredStack } from "../pulumi/openStack";
import type { Pulumi } from "../pulumi/pulumiCli";
import { agreedOptions, type UpdateArgs } from "../pulumi/updateArgs";
import { redact } from "../redact";
import { explain } from "./explain";
import { buildMessages } from "./messages/index";
import { describePageErrors } from "./pageErrors";
import type { PodFinding } from "./pods/podFindings";
import { RolloutWatch } from "./rolloutWatch";

/** An update to run. */
export interface UpdateRun extends Pick<UpdateArgs, "agreedDigest" | "contentVersion" | "options"> {
  /** What a terminal shows of it; undefined for what Pulumi shows. Elsewhere Pulumi prints its lines. */
  readonly page?: PageRequest;
}

/** Parts of every update that deploys a release. */
export const deploymentPhases: readonly PhaseName[] = ["tags", "cluster", "pods"];

/** What a terminal shows of an update. */
export interface PageRequest {
  /** Options for a preview, after which the user is asked, and for the update; undefined if they agreed beforehand. */
  readonly preview?: readonly string[];
  /** Parts that the update is known to have. */
  readonly expected: readonly PhaseName[];
  /** Commands that take a new release further. */
  readonly promotions: readonly string[];
}

/**
 * Runs an update, and says why it failed: the end of a failed build's log, what the site's pods say, and what to do.
 *
 * @returns undefined if the update succeeded
 * @throws UserError if the user does not agree
 */
export async function runUpdate(
  stack: ConfiguredStack,
  pulumi: Pulumi,
  io: CommandContext,
  { page, ...args }: UpdateRun,
): Promise<readonly string[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-up-"));
  const eventLog = join(folder, "events");
  const shown = page && openPage(stack, eventLog, page, io);
  const preview = shown && page?.preview;
  const watch = new RolloutWatch(stack, eventLog, pulumi, io);
  try {
    if (preview !== undefined) {
      const log = join(folder, "preview");
      const first = { ...args, options: preview, eventLog: log };
      if (!(await pulumi.preview(stack.stack, first))) return describeFailures(log, stack, true);
      await agree(stack.stack, io);
    }
    const options = preview === undefined ? args.options : [...agreedOptions, ...preview];
    const onStart = (pid: number): void => watch.start(pid);
    const run = (onOutput?: UpdateArgs["onOutput"]): Promise<boolean> => {
      const update = { ...args, options, eventLog, onStart, onOutput };
      return pulumi.update(stack.stack, update).finally(() => watch.end());
    };
    const succeeded = await (shown === undefined ? run() : shown.run(run));
    if (succeeded) {
      const took = shown === undefined ? describePhases(eventLog) : undefined;
      if (took !== undefined) io.print(took);
      return undefined;
    }
    const failures = describeFailures(eventLog, stack, shown === undefined);
    return [...failures, ...(await watch.diagnose()).map(renderFinding)];
  } finally {
    watch.close();
    rmSync(folder, { recursive: true });
  }
}

/** Opens the page of an update; undefined if the output is not a terminal. Its modules are loaded only then. */
function openPage(
  { stack }: ConfiguredStack,
  eventLog: string,
  request: PageRequest,
  { env, terminal }: CommandContext,
): UpdatePage | undefined {
  if (terminal === undefined) return undefined;
  const { UpdatePage: Page } =
    require("../progress/updatePage") as typeof import("../progress/updatePage");
  return new Page({
    ...request,
    stack: shortenStackName(stack),
    eventLog,
    terminal,
    env,
    now: () => performance.now(),
  });
}

async function agree(stack: string, io: CommandContext): Promise<void> {
  const name = shortenStackName(stack);
  io.print(`Each property that differs: \`npx slipway up ${name} -- --diff\`.`);
  if (!(await io.confirm(`Update \`${name}\` like this?`)))
    throw new UserError("Nothing was changed.");
}

const nothingDeployed = "Nothing was deployed: the site runs as before.";

/** Pulumi shows the outputs of a failed update as removed, although the stack keeps them. */
const outputsKept = "Outputs that Pulumi shows with a minus above are still the stack's.";

function describeFailures(
  eventLog: string,
  configured: ConfiguredStack,
  isPulumiShown: boolean,
): string[] {
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
  const kept = isPulumiShown ? `${nothingDeployed} ${outputsKept}` : nothingDeployed;
  return [...new Set(pages), ...ends, ...new Set(remedies), kept];
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
