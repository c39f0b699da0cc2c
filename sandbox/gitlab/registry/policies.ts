import type { GitLab } from "../gitlab";
import type { CleanupPolicy, ScheduledPolicy } from "../model/cleanupPolicies";
import type { Project } from "../model/namespaces";
import { findExpressionProblem } from "../regex";
import { cleanUp, explainCleanup } from "./cleanup";
import type { CleanupRules, Decision } from "./cleanupPlan";
import { locate } from "./repositories";

/** What a policy does, or would do, to a repository. */
export interface RepositoryDecisions {
  /** Path of the repository. */
  readonly repository: string;
  readonly tags: readonly Decision[];
}

/** What the project's policy would do now, whether it is switched on or not; nothing is deleted. */
export async function explainPolicy(
  gitlab: GitLab,
  project: Project,
): Promise<RepositoryDecisions[]> {
  const rules = rulesOf(gitlab.cleanupPolicies.find(project));
  const decisions: RepositoryDecisions[] = [];
  for (const repository of gitlab.containerRepositories.list(project)) {
    decisions.push({
      repository: locate(gitlab, repository).path,
      tags: await explainCleanup(gitlab, repository, undefined, rules),
    });
  }
  return decisions;
}

/**
 * Runs the project's policy now, whether it is due or switched on or not. Its cadence counts from now then.
 * Repositories that are being removed are left alone.
 */
export async function runPolicy(gitlab: GitLab, project: Project): Promise<RepositoryDecisions[]> {
  const policy = gitlab.cleanupPolicies.find(project);
  const decisions: RepositoryDecisions[] = [];
  for (const repository of gitlab.containerRepositories.list(project)) {
    if (repository.status !== null) continue;
    gitlab.containerRepositories.startCleanup(repository);
    decisions.push({
      repository: locate(gitlab, repository).path,
      tags: await cleanUp(gitlab, repository, undefined, rulesOf(policy)),
    });
  }
  gitlab.cleanupPolicies.save(project, policy);
  return decisions;
}

/**
 * Does what GitLab does once an hour: runs the policies that are due. Before, it switches off those that
 * have nothing to work on, the policies of projects without a repository; also those with expressions that
 * it can't read.
 */
export async function runDuePolicies(gitlab: GitLab): Promise<void> {
  for (const policy of gitlab.cleanupPolicies.listEnabled()) {
    const project = gitlab.namespaces.findProject(String(policy.projectId));
    if (project === undefined) continue;
    if (gitlab.containerRepositories.list(project).length === 0 || !isReadable(policy)) {
      gitlab.cleanupPolicies.disable(policy);
      gitlab.events.record({ action: "cleanup_policy_disabled", target: project.path });
    } else if (isDue(gitlab, policy)) {
      await runPolicy(gitlab, project);
    }
  }
}

const hourMs = 60 * 60 * 1000;
const minuteOfRun = 50;

/**
 * Looks for due policies when GitLab does, at ten minutes to every hour of the simulator's clock, until it
 * is stopped. A clock that jumps over several of these instants meets one of them.
 *
 * @param everyMs how often the clock is looked at
 */
export function startSchedule(gitlab: GitLab, everyMs: number): () => void {
  const turn = (): number => Math.floor(gitlab.now().getTime() / hourMs - minuteOfRun / 60);
  let last = turn();
  let busy = false;
  const timer = setInterval(() => {
    if (busy || turn() === last) return;
    last = turn();
    busy = true;
    gitlab.background.start(async () => {
      try {
        await runDuePolicies(gitlab);
      } finally {
        busy = false;
      }
    });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function isDue(gitlab: GitLab, { nextRunAt }: ScheduledPolicy): boolean {
  return nextRunAt !== null && nextRunAt < gitlab.now().toISOString();
}

function isReadable(policy: CleanupPolicy): boolean {
  const { nameRegexDelete, nameRegexKeep } = rulesOf(policy);
  return [nameRegexDelete, nameRegexKeep].every(
    (pattern) => findExpressionProblem(pattern ?? "") === undefined,
  );
}

function rulesOf(policy: CleanupPolicy): CleanupRules {
  return {
    nameRegexDelete: policy.nameRegexDelete ?? policy.nameRegex,
    nameRegexKeep: policy.nameRegexKeep,
    keepN: policy.keepN,
    olderThan: policy.olderThan,
  };
}
