import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

import { stories } from "../e2e/support/stories";
import { isDocumentation, isRun, readBlocks, reasons, runner } from "./blocks";
import { readPages } from "./support";

const pages = readPages().filter(isDocumentation);
const blocks = pages.flatMap(readBlocks);

function findMarkProblem(mark: string): string | undefined {
  const [, kind, value = ""] = /^(not run|run by): (.*)$/.exec(mark) ?? [];
  const isKnown =
    kind === "run by" ? existsSync(value) : (reasons as readonly string[]).includes(value);
  return isKnown ? undefined : `${mark}: no such ${kind === "run by" ? "file" : "reason"}`;
}

/** What is wrong with the shell's grammar. A placeholder in angle brackets stands for a word. */
function findSyntaxProblem(code: string): string {
  const words = code.replace(/<[a-z][\w -]*>/g, "word");
  return spawnSync("bash", ["-n"], { input: words, encoding: "utf8" }).stderr;
}

describe("the documentation's shell blocks", () => {
  it("are run by a test, or a comment says why not", () => {
    const run = [...new Set(blocks.filter(isRun).map(({ page }) => page))];
    expect(run.sort()).toEqual(stories.map(({ page }) => page).sort());
    expect(blocks.flatMap(({ mark }) => (mark && findMarkProblem(mark)) ?? [])).toEqual([]);
  });

  it("are counted", () => {
    const counts = new Map<string, number>();
    for (const { mark = `run by: ${runner}` } of blocks) {
      counts.set(mark, (counts.get(mark) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toMatchInlineSnapshot(`
      {
        "not run: needs Pulumi's own language host": 1,
        "not run: needs a buildx client": 2,
        "not run: needs a published package": 4,
        "not run: needs a real GitLab": 2,
        "not run: needs an object store, a KMS or Pulumi Cloud": 2,
        "run by: test/e2e/6-adopt.e2e.ts": 1,
        "run by: test/e2e/8-docs.e2e.ts": 41,
        "run by: test/e2e/9-down.e2e.ts": 1,
        "run by: test/soak/clusterServices.soak.ts": 1,
        "run by: test/soak/docs.soak.ts": 9,
        "run by: test/soak/upgrade.soak.ts": 3,
      }
    `);
  });

  it("are all found: no fence is indented, named otherwise, or apart from its comment", () => {
    const fences = pages.flatMap(
      ({ text }) => text.match(/^\s*(```|~~~) ?(sh|bash|shell|console)/gm) ?? [],
    );
    expect(fences).toHaveLength(blocks.length);
    const comments = pages.flatMap(({ text }) => text.match(/<!-- (not run|run by):/g) ?? []);
    expect(comments).toHaveLength(blocks.filter((block) => !isRun(block)).length);
  });

  it.each(blocks.map((block) => [`${block.page} ${block.index}`, block] as const))(
    "are written in the shell's grammar: %s",
    (_, { code }) => {
      expect(findSyntaxProblem(code)).toBe("");
    },
  );

  it("are found to be wrong", () => {
    expect(findMarkProblem("not run: too slow")).toBe("not run: too slow: no such reason");
    expect(findMarkProblem("run by: test/none.ts")).toBe("run by: test/none.ts: no such file");
    expect(findSyntaxProblem('echo "unfinished')).toContain("unexpected EOF");
  });
});
