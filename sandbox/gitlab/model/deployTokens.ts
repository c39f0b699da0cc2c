import type { DatabaseSync } from "node:sqlite";

import { createToken, hashToken } from "./secrets";

/** Scopes of a deploy token, in the order in which GitLab lists them. */
export const deployTokenScopes = [
  "read_repository",
  "read_registry",
  "write_registry",
  "read_package_registry",
  "write_package_registry",
  "read_virtual_registry",
  "write_virtual_registry",
] as const;
export type DeployTokenScope = (typeof deployTokenScopes)[number];

/** The project or group that a deploy token belongs to. */
export interface Holder {
  readonly kind: "project" | "group";
  readonly id: number;
}

/** A deploy token without its value, of which only the hash is stored. */
export interface DeployToken {
  /** Unique in the whole instance, not per project. */
  readonly id: number;
  readonly holder: Holder;
  readonly name: string;
  readonly username: string;
  readonly scopes: readonly DeployTokenScope[];
  /** Instant, ISO 8601 in UTC. */
  readonly expiresAt: string | null;
}

/** Properties of a new deploy token. */
export interface DeployTokenArgs extends Pick<DeployToken, "holder" | "name" | "expiresAt"> {
  readonly scopes: readonly DeployTokenScope[];
  /** @default `gitlab+deploy-token-<id>` */
  readonly username: string | undefined;
}

interface Row {
  readonly id: number;
  readonly holder_kind: Holder["kind"];
  readonly holder_id: number;
  readonly name: string;
  readonly username: string | null;
  readonly scopes: string;
  readonly expires_at: string | null;
}

/** The deploy tokens of all projects and groups. */
export class DeployTokens {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS deploy_tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        holder_kind TEXT NOT NULL,
        holder_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        username TEXT,
        scopes TEXT NOT NULL,
        token_hash TEXT NOT NULL UNIQUE,
        expires_at TEXT
      ) STRICT`);
  }

  /** Creates a token. Only this call returns its value. */
  create(args: DeployTokenArgs): DeployToken & { readonly value: string } {
    const value = createToken("gldt-");
    const row = this.database
      .prepare(
        `INSERT INTO deploy_tokens
           (holder_kind, holder_id, name, username, scopes, token_hash, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(
        args.holder.kind,
        args.holder.id,
        args.name,
        args.username ?? null,
        deployTokenScopes.filter((scope) => args.scopes.includes(scope)).join(" "),
        hashToken(value),
        args.expiresAt,
      );
    return { ...read(row as unknown as Row), value };
  }

  /** Returns the holder's tokens, oldest first. */
  list(holder: Holder): DeployToken[] {
    const rows = this.database
      .prepare("SELECT * FROM deploy_tokens WHERE holder_kind = ? AND holder_id = ? ORDER BY id")
      .all(holder.kind, holder.id);
    return (rows as unknown as Row[]).map(read);
  }

  /** Returns the tokens of the whole instance, oldest first. */
  listAll(): DeployToken[] {
    const rows = this.database.prepare("SELECT * FROM deploy_tokens ORDER BY id").all();
    return (rows as unknown as Row[]).map(read);
  }

  /** Returns the holder's token with that id. */
  find(holder: Holder, id: number): DeployToken | undefined {
    return this.list(holder).find((token) => token.id === id);
  }

  /** Returns the token with this value, even if it has expired. */
  findByValue(value: string): DeployToken | undefined {
    const row = this.database
      .prepare("SELECT * FROM deploy_tokens WHERE token_hash = ?")
      .get(hashToken(value));
    return row === undefined ? undefined : read(row as unknown as Row);
  }

  /** Removes the token. */
  delete(token: DeployToken): void {
    this.database.prepare("DELETE FROM deploy_tokens WHERE id = ?").run(token.id);
  }

  /** Whether the token is valid: it is until its expiry, that instant included. */
  isActive(token: DeployToken): boolean {
    return token.expiresAt === null || token.expiresAt >= this.now().toISOString();
  }

  /**
   * The API's field `expired`, which lags behind, because GitLab compares with the start of today. The registry
   * refuses a token that expires today, but the field turns true tomorrow.
   */
  isCalledExpired(token: DeployToken): boolean {
    return (
      token.expiresAt !== null &&
      token.expiresAt.slice(0, 10) < this.now().toISOString().slice(0, 10)
    );
  }
}

function read(row: Row): DeployToken {
  return {
    id: row.id,
    holder: { kind: row.holder_kind, id: row.holder_id },
    name: row.name,
    username: row.username ?? `gitlab+deploy-token-${row.id}`,
    scopes: row.scopes.split(" ") as DeployTokenScope[],
    expiresAt: row.expires_at,
  };
}
