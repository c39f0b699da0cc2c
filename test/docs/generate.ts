import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { pagesWithTables, writeTables } from "./tables";

/* A part of `npm run generate`: writes the tables whose rows tests ask for, or that the schema has. A test compares them. */

for (const page of pagesWithTables) {
  const file = join(__dirname, "..", "..", "docs", page);
  writeFileSync(file, writeTables(page, readFileSync(file, "utf8")));
}
