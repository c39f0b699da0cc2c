import type { DatabaseSync } from "node:sqlite";

import { hashToken } from "../secrets";

/** Scopes of a personal access token that matter to a pipeline. */
export const accessTokenScopes = [
  "api",
  "read_api",
  "read_user",
  "read_repository",
  "write_repository",
  "read_registry",
  "write_registry",
] as const;
export type AccessTokenScope = (typeof accessTokenScopes)[number];

/** A personal access token, without the token: only its hash is stored. */
export interface AccessToken {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly AccessTokenScope[];
  readonly revoked: boolean;
  /** Day, `YYYY-MM-DD`, from whose start (UTC) on the token is dead. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** What a personal access token is made of. */
export interface AccessTokenArgs extends Pick<
  AccessToken,
  "userId" | "name" | "scopes" | "expiresAt"
> {
  readonly value: string;
}

interface Row {
  readonly id: number;
  readonly user_id: number;
  readonly name: string;
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
        last_used_at TEXT
      ) STRICT`);
  }

  /** Adds a token. */
  create(args: AccessTokenArgs): AccessToken {
    const row = this.database
      .prepare(
        `INSERT INTO personal_access_tokens
           (user_id, name, scopes, token_hash, expires_at, created_at)
         VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(
        args.userId,
        args.name,
        args.scopes.join(" "),
        hashToken(args.value),
        args.expiresAt,
        this.now().toISOString(),
      );
    return read(row as unknown as Row);
  }

  /** The token with this value, dead ones too. */
  findByValue(value: string): AccessToken | undefined {
    const row = this.database
      .prepare("SELECT * FROM personal_access_tokens WHERE token_hash = ?")
      .get(hashToken(value));
    return row === undefined ? undefined : read(row as unknown as Row);
  }

  /** Notes that the token is used now. */
  touch(token: AccessToken): AccessToken {
    const lastUsedAt = this.now().toISOString();
    this.database
      .prepare("UPDATE personal_access_tokens SET last_used_at = ? WHERE id = ?")
      .run(lastUsedAt, token.id);
    return { ...token, lastUsedAt };
  }

  /** Whether the token's last day is over. The day named by `expiresAt` is no longer part of its life. */
  isExpired(token: AccessToken): boolean {
    return token.expiresAt !== null && token.expiresAt <= this.now().toISOString().slice(0, 10);
  }

  /** Whether the token still opens anything. */
  isActive(token: AccessToken): boolean {
    return !token.revoked && !this.isExpired(token);
  }
}

function read(row: Row): AccessToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    scopes: row.scopes.split(" ") as AccessTokenScope[],
    revoked: row.revoked === 1,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
