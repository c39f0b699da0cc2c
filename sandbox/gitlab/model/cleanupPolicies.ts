import type { DatabaseSync } from "node:sqlite";

import { parseDuration } from "./duration";
import type { Project } from "./namespaces";

/** The values that GitLab accepts. */
export const cadences = ["1d", "7d", "14d", "1month", "3month"] as const;
export const keptCounts = [1, 5, 10, 25, 50, 100] as const;
export const ages = ["7d", "14d", "30d", "90d"] as const;

/** Which tags of a project's repositories are deleted, and how often. */
export interface CleanupPolicy {
  readonly cadence: string;
  readonly enabled: boolean;
  readonly keepN: number | null;
  readonly olderThan: string | null;
  /**
   * GitLab's documentation has `name_regex` and `name_regex_delete`, its API's parameters only `name_regex`, and the
   * provider sends `name_regex_delete`. GitLab's reaction to that is not verified, so both are stored as they come.
   */
  readonly nameRegex: string | null;
  readonly nameRegexDelete: string | null;
  readonly nameRegexKeep: string | null;
}

/** A policy with the instant of its next run; null if it never runs again. */
export interface ScheduledPolicy extends CleanupPolicy {
  readonly projectId: number;
  readonly nextRunAt: string | null;
}

/** The policy of a new project. */
const initialPolicy: CleanupPolicy = {
  cadence: "1d",
  enabled: false,
  keepN: 10,
  olderThan: "90d",
  nameRegex: ".*",
  nameRegexDelete: null,
  nameRegexKeep: null,
};

type Row = Omit<ScheduledPolicy, "enabled"> & { readonly enabled: number };

const columns = `project_id AS projectId, cadence, enabled, keep_n AS keepN, older_than AS olderThan,
  name_regex AS nameRegex, name_regex_delete AS nameRegexDelete, name_regex_keep AS nameRegexKeep,
  next_run_at AS nextRunAt`;

/** The cleanup policies of all projects. */
export class CleanupPolicies {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS cleanup_policies (
        project_id INTEGER PRIMARY KEY REFERENCES projects,
        cadence TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        keep_n INTEGER,
        older_than TEXT,
        name_regex TEXT,
        name_regex_delete TEXT,
        name_regex_keep TEXT,
        next_run_at TEXT
      ) STRICT`);
  }

  /** Returns the project's policy: every project has one, disabled at first. */
  find(project: Pick<Project, "id" | "createdAt">): ScheduledPolicy {
    const row = this.database
      .prepare(`SELECT ${columns} FROM cleanup_policies WHERE project_id = ?`)
      .get(project.id);
    if (row !== undefined) return read(row);
    const nextRunAt = computeNextRun(new Date(project.createdAt), initialPolicy.cadence);
    return { ...initialPolicy, projectId: project.id, nextRunAt };
  }

  /** Stores the project's policy. The cadence starts now, as at every save. */
  save(project: Pick<Project, "id">, policy: CleanupPolicy): void {
    this.database
      .prepare("INSERT OR REPLACE INTO cleanup_policies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(
        project.id,
        policy.cadence,
        Number(policy.enabled),
        policy.keepN,
        policy.olderThan,
        policy.nameRegex,
        policy.nameRegexDelete,
        policy.nameRegexKeep,
        computeNextRun(this.now(), policy.cadence),
      );
  }

  /** Disables the policy, and leaves everything else as it is, even the next run. */
  disable({ projectId }: ScheduledPolicy): void {
    this.database
      .prepare("UPDATE cleanup_policies SET enabled = 0 WHERE project_id = ?")
      .run(projectId);
  }

  /** Returns the enabled policies. */
  listEnabled(): ScheduledPolicy[] {
    return this.database
      .prepare(`SELECT ${columns} FROM cleanup_policies WHERE enabled = 1 ORDER BY project_id`)
      .all()
      .map(read);
  }
}

function read(row: unknown): ScheduledPolicy {
  const { enabled, ...rest } = row as Row;
  return { ...rest, enabled: enabled === 1 };
}

function computeNextRun(from: Date, cadence: string): string {
  return new Date(from.getTime() + (parseDuration(cadence) ?? 0)).toISOString();
}
