import type { DatabaseSync } from "node:sqlite";

import { createToken, hashToken } from "./secrets";

/** Scopes of a personal access token on a self-managed instance. */
export const accessTokenScopes = [
  "api",
  "read_api",
  "read_user",
  "read_repository",
  "write_repository",
  "read_registry",
  "write_registry",
  "read_virtual_registry",
  "write_virtual_registry",
  "sudo",
  "admin_mode",
  "create_runner",
  "manage_runner",
  "ai_features",
  "k8s_proxy",
  "self_rotate",
] as const;
export type AccessTokenScope = (typeof accessTokenScopes)[number];

/** A personal access token without its value, of which only the hash is stored. */
export interface AccessToken {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly AccessTokenScope[];
  readonly revoked: boolean;
  /** Date, `YYYY-MM-DD`, at whose start (UTC) the token expires. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** Properties of a new personal access token. */
export interface AccessTokenArgs extends Pick<
  AccessToken,
  "userId" | "name" | "scopes" | "expiresAt"
> {
  /** @default a new one, with GitLab's prefix */
  readonly value?: string;
  /** @default none */
  readonly description?: string | null;
  /** The token that this one replaces. @default none */
  readonly previous?: AccessToken;
}

interface Row {
  readonly id: number;
  readonly user_id: number;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: string;
  readonly revoked: number;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly last_used_at: string | null;
}

/** The personal access tokens of all users. */
export class AccessTokens {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS personal_access_tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id INTEGER NOT NULL REFERENCES users,
        name TEXT NOT NULL,
        scopes TEXT NOT NULL,
        token_hash TEXT NOT NULL UNIQUE,
        revoked INTEGER NOT NULL DEFAULT 0,
        expires_at TEXT,
        created_at TEXT NOT NULL,
        last_used_at TEXT,
        description TEXT,
        previous_id INTEGER
      ) STRICT`);
  }

  /** Creates a token. Only this call returns its value. */
  create(args: AccessTokenArgs): AccessToken & { readonly value: string } {
    const value = args.value ?? createToken("glpat-");
    const row = this.database
      .prepare(
        `INSERT INTO personal_access_tokens
           (user_id, name, scopes, token_hash, expires_at, created_at, description, previous_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(
        args.userId,
        args.name,
        args.scopes.join(" "),
        hashToken(value),
        args.expiresAt,
        this.now().toISOString(),
        args.description ?? null,
        args.previous?.id ?? null,
      );
    return { ...read(row as unknown as Row), value };
  }

  /** Returns the token with this value, even if it has expired or was revoked. */
  findByValue(value: string): AccessToken | undefined {
    const row = this.database
      .prepare("SELECT * FROM personal_access_tokens WHERE token_hash = ?")
      .get(hashToken(value));
    return row === undefined ? undefined : read(row as unknown as Row);
  }

  /** Returns the token with that id. */
  find(id: number): AccessToken | undefined {
    const row = this.database.prepare("SELECT * FROM personal_access_tokens WHERE id = ?").get(id);
    return row === undefined ? undefined : read(row as unknown as Row);
  }

  /** Returns all tokens, or one user's, oldest first. */
  list(userId?: number): AccessToken[] {
    const rows = this.database
      .prepare("SELECT * FROM personal_access_tokens WHERE ? IS NULL OR user_id = ? ORDER BY id")
      .all(userId ?? null, userId ?? null);
    return (rows as unknown as Row[]).map(read);
  }

  /** Revokes the token. */
  revoke(token: AccessToken): void {
    this.database
      .prepare("UPDATE personal_access_tokens SET revoked = 1 WHERE id = ?")
      .run(token.id);
  }

  /** Revokes all tokens that this one was rotated to. */
  revokeSuccessors(token: AccessToken): void {
    this.database
      .prepare(
        `WITH RECURSIVE family(id) AS (
           SELECT id FROM personal_access_tokens WHERE previous_id = ?
           UNION
           SELECT token.id FROM personal_access_tokens AS token JOIN family
           ON token.previous_id = family.id
         )
         UPDATE personal_access_tokens SET revoked = 1 WHERE id IN (SELECT id FROM family)`,
      )
      .run(token.id);
  }

  /** Records that the token is used now. */
  touch(token: AccessToken): AccessToken {
    const lastUsedAt = this.now().toISOString();
    this.database
      .prepare("UPDATE personal_access_tokens SET last_used_at = ? WHERE id = ?")
      .run(lastUsedAt, token.id);
    return { ...token, lastUsedAt };
  }

  /** Whether the token has expired, which it does at the start of the date `expiresAt`. */
  isExpired(token: AccessToken): boolean {
    return token.expiresAt !== null && token.expiresAt <= this.now().toISOString().slice(0, 10);
  }

  /** Whether the token is valid. */
  isActive(token: AccessToken): boolean {
    return !token.revoked && !this.isExpired(token);
  }
}

function read(row: Row): AccessToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    description: row.description,
    scopes: row.scopes.split(" ") as AccessTokenScope[],
    revoked: row.revoked === 1,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
