import type { DatabaseSync } from "node:sqlite";

/** Settings of an administrator, stored as JSON by name. */
export class Settings {
  constructor(private readonly database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT`);
  }

  /** Returns the setting, or `fallback` if it is not set. */
  get<T>(name: string, fallback: T): T {
    const row = this.database.prepare("SELECT value FROM settings WHERE name = ?").get(name);
    return row === undefined ? fallback : (JSON.parse((row as { value: string }).value) as T);
  }

  /** Changes the setting. */
  set(name: string, value: unknown): void {
    this.database
      .prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)")
      .run(name, JSON.stringify(value));
  }

  /** Removes the setting, so that its default applies. */
  unset(name: string): void {
    this.database.prepare("DELETE FROM settings WHERE name = ?").run(name);
  }
}
