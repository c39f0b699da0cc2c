import { listContextFiles, readIgnoreRules } from "../../../components/image/buildContext";
import { context, inContextFolder } from "../../support/contextFolder";

const folder = inContextFolder();
const { write } = folder;

describe("listContextFiles", () => {
  it("lists what an ignore file lets in by exceptions, and nothing else", () => {
    write(
      ".dockerignore",
      "*\n!src\n!docs/*.md\n!/pages/shop/\n!deploy/a/b.md\nsrc/node_modules\n",
    );
    for (const file of ["docs/a.md", "docs/a.png", "pages/shop/a.js", "pages/other.js"])
      write(file);
    for (const file of ["src/node_modules/x/a.js", "deploy/a/b.md", "deploy/a/c.md"]) write(file);

    expect(listContextFiles(context)).toEqual([
      "deploy/a/b.md",
      "docs/a.md",
      "pages/shop/a.js",
      "src/pages/index.js",
    ]);
  });
});

describe("readIgnoreRules", () => {
  // A folder of installed packages has more files than the rest of a repository together.
  it.each([
    ["!docs", "node_modules", false],
    ["!docs", "docs", false],
    ["!docs", "docs/node_modules", false],
    ["!docs/guide", "docs", true],
    ["!docs/guide", "docs/guides", false],
    ["!docs/*.md", "docs", true],
    ["!docs/*.md", "doc", false],
    ["!docs/*/a.md", "docs/guide", true],
    ["!**/*.md", "node_modules/x", true],
    ["! ./docs/guide/ ", "docs", true],
    ["docs/guide", "docs", false],
  ])("has `%s`, by which something below `%s` may be let in: %s", (line, ignored, isPossible) => {
    write(".dockerignore", `*\n${line}\n`);
    expect(readIgnoreRules(context).mayLetInBelow(ignored)).toBe(isPossible);
  });
});
