import type { DatabaseSync } from "node:sqlite";

/** Adds a column to a table that an earlier version of the simulator made without it. */
export function ensureColumn(
  database: DatabaseSync,
  table: string,
  column: string,
  declaration: string,
): void {
  const columns = database.prepare(`PRAGMA table_info(${table})`).all() as unknown as {
    name: string;
  }[];
  if (columns.some(({ name }) => name === column)) return;
  database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${declaration}`);
}
