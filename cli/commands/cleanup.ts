import { type CleanupPolicy, createCleanupPolicyKey } from "../../config/cleanupPolicy";
import { findConsentNeeded, type NamedConsent, withoutConsent } from "../cleanup/consent";
import { planCleanup } from "../cleanup/plan";
import { readTags } from "../cleanup/readTags";
import { listDifferences, renderPlan, renderPolicy, renderReleases } from "../cleanup/report";
import { UserError } from "../errors";
import { getValue, readNow } from "../stackConfig";
import { findExpressionProblem } from "../cleanup/expressions";
import { GitLabClient } from "../gitlab/client";
import type { CommandContext } from "../io";
import { openStack, type StackOptions } from "../pulumi/openStack";
import { ContainerRegistry, type TagInfo } from "../gitlab/containerRegistry";
import { findDangers, findTaggedReleases, readRunningReleases } from "../cleanup/runningReleases";
import { readStackGitLab } from "../gitlab/connection";

/** Options of `slipway cleanup`. */
export interface CleanupOptions extends NamedConsent, StackOptions {
  /** Whether to set the policy in GitLab. */
  readonly apply: boolean;
  /** Whether to set it without asking. The parts of {@link NamedConsent} need flags of their own. */
  readonly yes: boolean;
  /** Stacks that run nothing, although their outputs can't be read. */
  readonly without: readonly string[];
}

/**
 * `slipway cleanup`: shows the project's cleanup policy, what it would delete now and how it differs from
 * the one in GitLab; with `apply` it sets the policy in GitLab.
 *
 * @returns whether GitLab has the policy now
 * @throws UserError if the policy could delete what a stack runs, if a stack can't be read, or if `yes` is
 *   given for something that needs a flag of its own
 */
export async function cleanup(options: CleanupOptions, io: CommandContext): Promise<boolean> {
  const { apply, without, yes } = options;
  const opened = await openStack(options, io);
  const { project, pulumi, stack, values } = opened;
  const policy = readPolicy(values[`${project}:cleanupPolicy`]);
  const { connection } = await readStackGitLab(opened, pulumi, io.env);
  const gitlabProject = values[`${project}:project`];
  const api = new ContainerRegistry(new GitLabClient(connection), gitlabProject);

  const current = await api.readPolicy();
  const isSet = listDifferences(policy, current).length === 0;
  io.print(`Cleanup policy of ${gitlabProject}:\n${renderPolicy(policy, current)}`);
  const { releases, unreadable } = await readRunningReleases(pulumi, without);
  const tags = await readTags(api, io.terminal);
  await printPlan(api, { policy, tags }, io);

  const tagged = findTaggedReleases(releases, tags, policy);
  for (const line of renderReleases(tagged)) io.print(line);
  const dangers = policy.enabled ? findDangers(tagged, unreadable) : [];
  if (dangers.length > 0) {
    throw new UserError(
      ["The policy is refused:", ...dangers.map((text) => `  - ${text}`)].join("\n"),
    );
  }

  if (isSet) {
    io.print("GitLab has this policy already.");
    return true;
  }
  const needed = findConsentNeeded(policy, current, tags, releases);
  for (const { reason } of needed) io.print(reason);
  if (!apply) {
    io.print(`GitLab has a different policy. To set this one: slipway cleanup ${stack} --apply`);
    return false;
  }
  if (yes) refuseWithoutConsent(withoutConsent(needed, options));
  else if (!(await io.confirm(`Set this policy for ${gitlabProject}?`))) return false;
  await setPolicy(api, policy);
  io.print(`GitLab has this policy now. It runs every ${policy.cadence}, counted from now.`);
  return true;
}

/** @throws UserError that names what `--yes` does not agree to, with the flag for each */
function refuseWithoutConsent(open: ReturnType<typeof withoutConsent>): void {
  if (open.length === 0) return;
  throw new UserError(
    [
      "`--yes` is not enough to set this policy. Look at what it would delete, and then run the command without `--yes`, or add the flags:",
      ...open.map(({ flag, reason }) => `  - ${reason}\n      ${flag}`),
    ].join("\n"),
  );
}

/** @throws UserError with everything that is wrong with the policy */
function readPolicy(text = ""): CleanupPolicy {
  const policy = createCleanupPolicyKey(findExpressionProblem).parse(text);
  return getValue(
    policy,
    "cleanupPolicy",
    "Change it in Pulumi.yaml, which has it for all stacks.",
  );
}

async function printPlan(
  api: ContainerRegistry,
  { policy, tags }: { policy: CleanupPolicy; tags: ReadonlyMap<string, readonly TagInfo[]> },
  io: CommandContext,
): Promise<void> {
  if (!policy.enabled) {
    io.print("The policy is off: GitLab deletes nothing.");
    return;
  }
  const patterns = await api.listProtectedPatterns();
  const now = readNow(io.env);
  const plans = [...tags].map(([path, list]) => ({
    path,
    decisions: planCleanup(list, policy, patterns, now),
  }));
  io.print(`What GitLab would delete now:\n${renderPlan(plans, now)}`);
}

async function setPolicy(api: ContainerRegistry, policy: CleanupPolicy): Promise<void> {
  await api.setPolicy(policy);
  const different = listDifferences(policy, await api.readPolicy());
  if (different.length === 0) return;
  const names = different.map((field) => `\`${field}\``).join(", ");
  throw new UserError(
    `GitLab accepted the policy, but now has other values for ${names}. Look at the project's Settings > Packages and registries.`,
  );
}
