import { DatabaseSync } from "node:sqlite";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
}

/**
 * Adds the columns that an older simulator's database lacks. Throws an error with a remedy if a column can't be
 * added, because old records would have no value for it.
 *
 * @param create creates all tables of the present version in an empty database
 */
export function upgradeSchema(database: DatabaseSync, create: (fresh: DatabaseSync) => void): void {
  const fresh = new DatabaseSync(":memory:");
  create(fresh);
  for (const table of listTables(fresh)) {
    const present = listColumns(database, table);
    // The models create missing tables themselves.
    if (present.length === 0) continue;
    for (const column of listColumns(fresh, table)) {
      if (!present.some(({ name }) => name === column.name)) addColumn(database, table, column);
    }
  }
  fresh.close();
}

function addColumn(database: DatabaseSync, table: string, column: Column): void {
  const { name, type, notnull, dflt_value: value } = column;
  if (notnull === 1 && value === null) {
    throw new Error(
      `The simulator's database is too old: its table \`${table}\` has no \`${name}\`, and what is in it ` +
        "can't be given one. Delete the database (`make clean` does), and the seed is applied again.",
    );
  }
  const rule = value === null ? "" : ` ${notnull === 1 ? "NOT NULL " : ""}DEFAULT ${value}`;
  database.exec(`ALTER TABLE "${table}" ADD COLUMN "${name}" ${type}${rule}`);
}

function listTables(database: DatabaseSync): string[] {
  const rows = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  return (rows as { name: string }[]).map(({ name }) => name);
}

function listColumns(database: DatabaseSync, table: string): Column[] {
  return database.prepare("SELECT * FROM pragma_table_info(?)").all(table) as unknown as Column[];
}
