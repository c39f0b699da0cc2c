import type { DatabaseSync } from "node:sqlite";

import type { Project } from "./namespaces";

/** Roles that a protection rule can require, with their access levels; no member reaches `admin`. */
export const protectionLevels = { maintainer: 40, owner: 50, admin: 60 } as const;
export type ProtectionLevel = keyof typeof protectionLevels;

/** What a protection rule protects. */
export type ProtectedKind = "repository" | "tag";

/** A rule that lets only users with a role push or delete what matches its pattern. */
export interface ProtectionRule {
  readonly id: number;
  readonly projectId: number;
  /** A path with `*` for repositories, an RE2 expression for tags. */
  readonly pattern: string;
  readonly pushLevel: ProtectionLevel | null;
  readonly deleteLevel: ProtectionLevel | null;
}

/** Properties of a new rule. */
export type ProtectionRuleArgs = Pick<ProtectionRule, "pattern" | "pushLevel" | "deleteLevel">;

/** Protection rules of one kind, for all projects. Rules for repositories and for tags are numbered separately. */
export class ProtectionRules {
  private readonly table: string;

  constructor(
    private readonly database: DatabaseSync,
    kind: ProtectedKind,
  ) {
    this.table = `${kind}_protection_rules`;
    database.exec(`
      CREATE TABLE IF NOT EXISTS ${this.table} (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id INTEGER NOT NULL REFERENCES projects,
        pattern TEXT NOT NULL,
        push_level TEXT,
        delete_level TEXT,
        UNIQUE (project_id, pattern)
      ) STRICT`);
  }

  /** Creates a rule. */
  create(
    project: Project,
    { pattern, pushLevel, deleteLevel }: ProtectionRuleArgs,
  ): ProtectionRule {
    return this.database
      .prepare(
        `INSERT INTO ${this.table} (project_id, pattern, push_level, delete_level)
         VALUES (?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(project.id, pattern, pushLevel, deleteLevel) as unknown as ProtectionRule;
  }

  /** Returns the project's rules, oldest first. */
  list(project: Pick<Project, "id">): ProtectionRule[] {
    return this.database
      .prepare(`SELECT ${columns} FROM ${this.table} WHERE project_id = ? ORDER BY id`)
      .all(project.id) as unknown as ProtectionRule[];
  }

  /** Returns the project's rule with that id. */
  find(project: Project, id: number): ProtectionRule | undefined {
    return this.list(project).find((rule) => rule.id === id);
  }

  /** Changes the rule. */
  update(
    rule: ProtectionRule,
    { pattern, pushLevel, deleteLevel }: ProtectionRuleArgs,
  ): ProtectionRule {
    return this.database
      .prepare(
        `UPDATE ${this.table} SET pattern = ?, push_level = ?, delete_level = ?
         WHERE id = ? RETURNING ${columns}`,
      )
      .get(pattern, pushLevel, deleteLevel, rule.id) as unknown as ProtectionRule;
  }

  /** Removes the rule. */
  delete(rule: ProtectionRule): void {
    this.database.prepare(`DELETE FROM ${this.table} WHERE id = ?`).run(rule.id);
  }
}

const columns =
  "id, project_id AS projectId, pattern, push_level AS pushLevel, delete_level AS deleteLevel";
