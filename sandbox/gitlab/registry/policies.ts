import type { GitLab } from "../gitlab";
import type { CleanupPolicy, ScheduledPolicy } from "../model/cleanupPolicies";
import type { Project } from "../model/namespaces";
import { findExpressionProblem } from "../regex";
import { cleanUp, explainCleanup } from "./cleanup";
import type { CleanupRules, Decision } from "./cleanupPlan";
import { locate } from "./repositories";

/** The decisions of a policy about a repository's tags. */
export interface RepositoryDecisions {
  /** Path of the repository. */
  readonly repository: string;
  readonly tags: readonly Decision[];
}

/** Returns what the project's policy would do now, even if it is disabled. Deletes nothing. */
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
 * Runs the project's policy now, even if it is disabled or not due. The cadence then starts now. Repositories that
 * are being removed are skipped.
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
 * Does GitLab's hourly work: runs the policies that are due. First it disables policies that have nothing to do,
 * because their project has no repository, and those with invalid expressions.
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
 * Runs due policies when GitLab does, at ten minutes to every hour of the simulator's clock, until stopped. If the
 * clock jumps over several of these instants, they run once.
 *
 * @param everyMs interval at which the clock is checked, in milliseconds
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
