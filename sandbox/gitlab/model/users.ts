import type { DatabaseSync } from "node:sqlite";

import { hashPassword, isPassword } from "./secrets";

/** A person or a bot. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly admin: boolean;
  /** Whether two-factor authentication is enabled. The password alone is then no longer accepted. */
  readonly twoFactor: boolean;
  readonly createdAt: string;
}

/** Properties of a new user. */
export interface UserArgs extends Pick<
  User,
  "username" | "name" | "email" | "admin" | "twoFactor"
> {
  readonly password: string | undefined;
}

interface Row {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly password_hash: string | null;
  readonly admin: number;
  readonly two_factor: number;
  readonly created_at: string;
}

/** The users of the instance. */
export class Users {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        username TEXT NOT NULL UNIQUE COLLATE NOCASE,
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        password_hash TEXT,
        admin INTEGER NOT NULL,
        two_factor INTEGER NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT`);
  }

  /** Creates a user. */
  create(args: UserArgs): User {
    const row = this.database
      .prepare(
        `INSERT INTO users (username, name, email, password_hash, admin, two_factor, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(
        args.username,
        args.name,
        args.email,
        args.password === undefined ? null : hashPassword(args.password),
        Number(args.admin),
        Number(args.twoFactor),
        this.now().toISOString(),
      );
    return read(row as unknown as Row);
  }

  /** Returns the user with that id. */
  find(id: number): User | undefined {
    return tryRead(this.database.prepare("SELECT * FROM users WHERE id = ?").get(id));
  }

  /** Returns all users, newest first, as GitLab lists them. */
  list(): User[] {
    const rows = this.database.prepare("SELECT * FROM users ORDER BY id DESC").all();
    return (rows as unknown as Row[]).map(read);
  }

  /** Returns the user with that name; case does not matter. */
  findByUsername(username: string): User | undefined {
    return tryRead(this.database.prepare("SELECT * FROM users WHERE username = ?").get(username));
  }

  /** Returns the user with this name and password. */
  findByPassword(username: string, password: string): User | undefined {
    const row = this.database.prepare("SELECT * FROM users WHERE username = ?").get(username) as
      Row | undefined;
    return row?.password_hash && isPassword(password, row.password_hash) ? read(row) : undefined;
  }
}

function tryRead(row: unknown): User | undefined {
  return row === undefined ? undefined : read(row as Row);
}

function read(row: Row): User {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    email: row.email,
    admin: row.admin === 1,
    twoFactor: row.two_factor === 1,
    createdAt: row.created_at,
  };
}
