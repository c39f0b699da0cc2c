import { readFileSync } from "node:fs";

import { pagesWithTables, writeTables } from "./tables";

describe("docs/ has the tables", () => {
  it.each(pagesWithTables)("of %s as their sources do: `npm run generate` writes them", (page) => {
    const text = readFileSync(`docs/${page}`, "utf8");
    expect(text).toBe(writeTables(page, text));
  });

  it("or the place of a table is missed", () => {
    expect(() => writeTables("cluster.md", "# The cluster\n")).toThrow(
      "docs/cluster.md has no place for the table keys.",
    );
  });
});
