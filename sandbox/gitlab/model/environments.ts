import type { DatabaseSync } from "node:sqlite";

import { computeSlug, folderOf, guessTier, type EnvironmentTier } from "./environmentNames";

export const environmentStates = ["available", "stopping", "stopped"] as const;
export type EnvironmentState = (typeof environmentStates)[number];

export const autoStopSettings = ["always", "with_action"] as const;

/** Fields of an environment that can change, besides its state. */
export interface EnvironmentFields {
  readonly externalUrl: string | null;
  readonly tier: EnvironmentTier;
  readonly kubernetesNamespace: string | null;
  readonly fluxResourcePath: string | null;
  readonly description: string | null;
  readonly autoStopSetting: (typeof autoStopSettings)[number];
}

/** An environment of a project, which deployments go to. */
export interface Environment extends EnvironmentFields {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly slug: string;
  readonly state: EnvironmentState;
  /** When GitLab stops it automatically. Only jobs can set it, so the API never does. */
  readonly autoStopAt: string | null;
  readonly autoDeleteAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const columns = `id, project_id AS projectId, name, slug, state, external_url AS externalUrl, tier,
  kubernetes_namespace AS kubernetesNamespace, flux_resource_path AS fluxResourcePath, description,
  auto_stop_setting AS autoStopSetting, auto_stop_at AS autoStopAt, auto_delete_at AS autoDeleteAt,
  created_at AS createdAt, updated_at AS updatedAt`;

const unset: Omit<EnvironmentFields, "tier"> = {
  externalUrl: null,
  kubernetesNamespace: null,
  fluxResourcePath: null,
  description: null,
  autoStopSetting: "always",
};

/** The environments of all projects. */
export class Environments {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS environments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id INTEGER NOT NULL REFERENCES projects,
        name TEXT NOT NULL,
        slug TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'available',
        external_url TEXT,
        tier TEXT NOT NULL,
        kubernetes_namespace TEXT,
        flux_resource_path TEXT,
        description TEXT,
        auto_stop_setting TEXT NOT NULL,
        auto_stop_at TEXT,
        auto_delete_at TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        UNIQUE (project_id, name),
        UNIQUE (project_id, slug)
      ) STRICT`);
  }

  /** Creates an environment. */
  create(projectId: number, name: string, fields: Partial<EnvironmentFields>): Environment {
    const now = this.now().toISOString();
    const values = { ...unset, tier: guessTier(name), ...fields };
    return this.database
      .prepare(
        `INSERT INTO environments (project_id, name, slug, created_at, updated_at, external_url,
           tier, kubernetes_namespace, flux_resource_path, description, auto_stop_setting)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(
        projectId,
        name,
        computeSlug(name),
        now,
        now,
        ...valuesOf(values),
      ) as unknown as Environment;
  }

  /** Returns the project's environments, sorted by name. */
  list(projectId: number): Environment[] {
    this.sweep();
    return this.database
      .prepare(`SELECT ${columns} FROM environments WHERE project_id = ? ORDER BY name`)
      .all(projectId) as unknown as Environment[];
  }

  /** Returns the project's environment with that id. */
  find(projectId: number, id: number): Environment | undefined {
    this.sweep();
    return this.database
      .prepare(`SELECT ${columns} FROM environments WHERE project_id = ? AND id = ?`)
      .get(projectId, id) as Environment | undefined;
  }

  /** Returns the project's environment with that name. */
  findByName(projectId: number, name: string): Environment | undefined {
    this.sweep();
    return this.database
      .prepare(`SELECT ${columns} FROM environments WHERE project_id = ? AND name = ?`)
      .get(projectId, name) as Environment | undefined;
  }

  /** Changes the given fields. */
  update(environment: Environment, changes: Partial<EnvironmentFields>): Environment {
    this.database
      .prepare(
        `UPDATE environments SET external_url = ?, tier = ?, kubernetes_namespace = ?,
           flux_resource_path = ?, description = ?, auto_stop_setting = ?, updated_at = ?
         WHERE id = ?`,
      )
      .run(...valuesOf({ ...environment, ...changes }), this.now().toISOString(), environment.id);
    return this.again(environment);
  }

  /** Stops the environment. Nothing runs there, so it stops at once. */
  stop(environment: Environment): Environment {
    return this.setState(environment, "stopped");
  }

  /** Makes a stopped environment available again, as a deployment to it does. */
  start(environment: Environment): Environment {
    return this.setState(environment, "available");
  }

  /** Schedules the removal of the environment. */
  scheduleDeletion(environment: Environment, at: string): void {
    this.database
      .prepare("UPDATE environments SET auto_delete_at = ? WHERE id = ?")
      .run(at, environment.id);
  }

  /** Removes the environment and its deployments. */
  delete(environment: Environment): void {
    this.database.prepare("DELETE FROM environments WHERE id = ?").run(environment.id);
  }

  /** Removes the environments that are due for removal. Every read calls it first, so a delay can't be seen. */
  private sweep(): void {
    this.database
      .prepare("DELETE FROM environments WHERE auto_delete_at <= ?")
      .run(this.now().toISOString());
  }

  private setState(environment: Environment, state: EnvironmentState): Environment {
    this.database
      .prepare(
        `UPDATE environments SET state = ?, auto_stop_at = NULL, auto_delete_at = NULL,
           updated_at = ? WHERE id = ? AND state <> ?`,
      )
      .run(state, this.now().toISOString(), environment.id, state);
    return this.again(environment);
  }

  private again({ projectId, id }: Environment): Environment {
    const environment = this.find(projectId, id);
    if (environment === undefined) throw new Error(`Environment ${id} has vanished.`);
    return environment;
  }
}

/** Whether the environment is a review app, which comes and goes with its branch. */
export function isReviewApp({ name }: Environment): boolean {
  return folderOf(name) === "review";
}

function valuesOf(fields: EnvironmentFields) {
  return [
    fields.externalUrl,
    fields.tier,
    fields.kubernetesNamespace,
    fields.fluxResourcePath,
    fields.description,
    fields.autoStopSetting,
  ];
}
