import {
  type CleanupPolicy,
  findCleanupPolicyProblems,
  readCleanupPolicy,
} from "../../config/cleanupPolicy";
import { readClock } from "../../config/clock";
import { schema } from "../../config/schema";
import { planCleanup } from "../cleanup/plan";
import { listDifferences, renderPlan, renderPolicy, renderReleases } from "../cleanup/report";
import { UserError } from "../errors";
import { findExpressionProblem } from "../cleanup/expressions";
import { GitLabClient } from "../gitlab/client";
import type { CommandContext } from "../io";
import { readProjectName } from "../pulumi/project";
import { Pulumi } from "../pulumi/pulumiCli";
import { ContainerRegistry, type TagInfo } from "../gitlab/containerRegistry";
import { findDangers, findTaggedReleases, readRunningReleases } from "../cleanup/runningReleases";
import { readStackGitLab } from "../gitlab/connection";

/** Options of `slipway cleanup`. */
export interface CleanupOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** The stack whose configuration says where GitLab is; the selected one if left out. */
  readonly stack?: string;
  /** Whether to set the policy in GitLab. */
  readonly apply: boolean;
  /** Whether that was agreed to beforehand. */
  readonly yes: boolean;
  /** Stacks that run nothing, though they can't be asked. */
  readonly without: readonly string[];
}

/**
 * `slipway cleanup`: shows the project's cleanup policy, what a run of it would delete now and how it differs
 * from what GitLab has; sets it on demand.
 *
 * @returns whether GitLab has the policy now
 * @throws UserError where the policy could delete what a stack runs, or that can't be found out
 */
export async function cleanup(options: CleanupOptions, io: CommandContext): Promise<boolean> {
  const { apply, cwd, without, yes } = options;
  const pulumi = new Pulumi(io, cwd);
  const stack = options.stack ?? (await pulumi.findSelectedStack());
  const project = readProjectName(cwd);
  const values = await pulumi.readConfig(stack);
  const policy = readPolicy(values[`${project}:cleanupPolicy`]);
  const { connection } = await readStackGitLab({ cwd, project, stack, values }, pulumi, io.env);
  const gitlabProject = values[`${project}:project`];
  const api = new ContainerRegistry(new GitLabClient(connection), gitlabProject);

  const current = await api.readPolicy();
  const isSet = listDifferences(policy, current).length === 0;
  io.print(`Cleanup policy of ${gitlabProject}:\n${renderPolicy(policy, current)}`);
  const { releases, unreadable } = await readRunningReleases(pulumi, without);
  const tags = await readTags(api);
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
  if (!apply) {
    io.print(`GitLab has another policy. To set this one: slipway cleanup ${stack} --apply`);
    return false;
  }
  if (!yes && !(await io.confirm(`Set this policy for ${gitlabProject}?`))) return false;
  await setPolicy(api, policy);
  io.print(`GitLab has this policy now. It runs every ${policy.cadence}, counted from now.`);
  return true;
}

/** @throws UserError with everything that is wrong with the policy */
function readPolicy(value = ""): CleanupPolicy {
  const text = value || schema.cleanupPolicy.default;
  const problems = findCleanupPolicyProblems(text);
  const policy = readCleanupPolicy(text);
  for (const field of ["nameRegexDelete", "nameRegexKeep"] as const) {
    const problem = findExpressionProblem(policy[field]);
    if (problem !== undefined) {
      problems.push(
        `has \`${field}\`, which is "${policy[field]}", not an RE2 expression: ${problem}.`,
      );
    }
  }
  if (problems.length === 0) return policy;
  throw new UserError(
    [
      ...problems.map((problem) => `\`cleanupPolicy\` ${problem}`),
      "It is in Pulumi.yaml, for all stacks.",
    ].join("\n"),
  );
}

async function readTags(api: ContainerRegistry): Promise<ReadonlyMap<string, readonly TagInfo[]>> {
  const tags = new Map<string, readonly TagInfo[]>();
  for (const repository of await api.listRepositories()) {
    tags.set(repository.path, await api.listTags(repository));
  }
  return tags;
}

async function printPlan(
  api: ContainerRegistry,
  { policy, tags }: { policy: CleanupPolicy; tags: ReadonlyMap<string, readonly TagInfo[]> },
  io: CommandContext,
): Promise<void> {
  if (!policy.enabled) {
    io.print("It is off: nothing is deleted.");
    return;
  }
  const patterns = await api.listProtectedPatterns();
  const now = readClock(io.env);
  const plans = [...tags].map(([path, list]) => ({
    path,
    decisions: planCleanup(list, policy, patterns, now),
  }));
  io.print(`A run now:\n${renderPlan(plans, now)}`);
}

async function setPolicy(api: ContainerRegistry, policy: CleanupPolicy): Promise<void> {
  await api.setPolicy(policy);
  const different = listDifferences(policy, await api.readPolicy());
  if (different.length === 0) return;
  const names = different.map((field) => `\`${field}\``).join(", ");
  throw new UserError(
    `GitLab took the policy, but has something else as ${names}. Look at it under Settings > Packages and registries of the project.`,
  );
}
