import type { DatabaseSync } from "node:sqlite";

import type { Holder } from "./deployTokens";

export const variableTypes = ["env_var", "file"] as const;
export type VariableType = (typeof variableTypes)[number];

/** Fields of a variable that can change. */
export interface CiVariableFields {
  readonly value: string;
  readonly variableType: VariableType;
  readonly protected: boolean;
  readonly masked: boolean;
  readonly raw: boolean;
  /** Environments whose jobs get the variable, by name or with `*`. */
  readonly environmentScope: string;
  readonly description: string | null;
}

/** A variable that a project or a group gives its jobs. */
export interface CiVariable extends CiVariableFields {
  readonly id: number;
  readonly holder: Holder;
  readonly key: string;
  /** Whether the value is never shown again. A hidden variable is masked, too. */
  readonly hidden: boolean;
}

interface Row extends Omit<CiVariable, "holder" | "protected" | "masked" | "raw" | "hidden"> {
  readonly holderKind: Holder["kind"];
  readonly holderId: number;
  readonly protected: number;
  readonly masked: number;
  readonly raw: number;
  readonly hidden: number;
}

const columns = `id, holder_kind AS holderKind, holder_id AS holderId, key, value,
  variable_type AS variableType, protected, masked, raw, hidden,
  environment_scope AS environmentScope, description`;

/** The CI variables of all projects and groups. */
export class CiVariables {
  constructor(private readonly database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS ci_variables (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        holder_kind TEXT NOT NULL,
        holder_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        hidden INTEGER NOT NULL,
        value TEXT NOT NULL,
        variable_type TEXT NOT NULL,
        protected INTEGER NOT NULL,
        masked INTEGER NOT NULL,
        raw INTEGER NOT NULL,
        environment_scope TEXT NOT NULL,
        description TEXT,
        UNIQUE (holder_kind, holder_id, key, environment_scope)
      ) STRICT`);
  }

  /** Creates a variable. */
  create(holder: Holder, key: string, hidden: boolean, fields: CiVariableFields): CiVariable {
    const row = this.database
      .prepare(
        `INSERT INTO ci_variables (holder_kind, holder_id, key, hidden, value, variable_type,
           protected, masked, raw, environment_scope, description)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      )
      .get(holder.kind, holder.id, key, Number(hidden), ...valuesOf(fields));
    return read(row as unknown as Row);
  }

  /** Returns the holder's variables, oldest first. */
  list(holder: Holder): CiVariable[] {
    const rows = this.database
      .prepare(
        `SELECT ${columns} FROM ci_variables WHERE holder_kind = ? AND holder_id = ? ORDER BY id`,
      )
      .all(holder.kind, holder.id);
    return (rows as unknown as Row[]).map(read);
  }

  /** Changes the variable's fields. */
  update(variable: CiVariable, fields: CiVariableFields): CiVariable {
    const row = this.database
      .prepare(
        `UPDATE ci_variables SET value = ?, variable_type = ?, protected = ?, masked = ?, raw = ?,
           environment_scope = ?, description = ? WHERE id = ? RETURNING ${columns}`,
      )
      .get(...valuesOf(fields), variable.id);
    return read(row as unknown as Row);
  }

  /** Removes the variable. */
  delete(variable: CiVariable): void {
    this.database.prepare("DELETE FROM ci_variables WHERE id = ?").run(variable.id);
  }
}

const maximumKey = 255;
const maximumScope = 255;
const scopePattern = /^[a-zA-Z0-9_/${}. *-]+$/;

/**
 * Values that GitLab can mask in a job's log: one word of at least 8 characters, of fewer kinds if `$` is expanded.
 */
const maskable = { raw: /^\S{8,}$/, expanded: /^[a-zA-Z0-9_+=/@:.~-]{8,}$/ };

/** Returns all problems of a variable, by field, in GitLab's words. Never its value. */
export function findVariableProblems(
  key: string,
  { value, masked, raw, environmentScope }: CiVariableFields,
): Record<string, string[]> {
  return {
    key: [
      ...(key.trim() === "" ? ["can't be blank"] : []),
      ...(key.length > maximumKey ? [`is too long (maximum is ${maximumKey} characters)`] : []),
      ...(/^[a-zA-Z0-9_]+$/.test(key) ? [] : ["can contain only letters, digits and '_'."]),
    ],
    value: masked && !maskable[raw ? "raw" : "expanded"].test(value) ? ["is invalid"] : [],
    environment_scope: [
      ...(environmentScope.length > maximumScope
        ? [`is too long (maximum is ${maximumScope} characters)`]
        : []),
      ...(scopePattern.test(environmentScope)
        ? []
        : ["can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', '*' and spaces"]),
    ],
  };
}

function valuesOf(fields: CiVariableFields) {
  return [
    fields.value,
    fields.variableType,
    Number(fields.protected),
    Number(fields.masked),
    Number(fields.raw),
    fields.environmentScope,
    fields.description,
  ];
}

function read({ holderKind, holderId, ...row }: Row): CiVariable {
  return {
    ...row,
    holder: { kind: holderKind, id: holderId },
    protected: row.protected === 1,
    masked: row.masked === 1,
    raw: row.raw === 1,
    hidden: row.hidden === 1,
  };
}
