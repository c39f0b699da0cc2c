import type { DatabaseSync } from "node:sqlite";

/** What an administrator has set, as JSON by name; it survives a restart. */
export class Settings {
  constructor(private readonly database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT`);
  }

  /** The value of that name, or the given one while none is set. */
  get<T>(name: string, fallback: T): T {
    const row = this.database.prepare("SELECT value FROM settings WHERE name = ?").get(name);
    return row === undefined ? fallback : (JSON.parse((row as { value: string }).value) as T);
  }

  /** Sets the value. */
  set(name: string, value: unknown): void {
    this.database
      .prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)")
      .run(name, JSON.stringify(value));
  }

  /** Forgets the value: the default applies again. */
  unset(name: string): void {
    this.database.prepare("DELETE FROM settings WHERE name = ?").run(name);
  }
}
