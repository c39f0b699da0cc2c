import { renderPage } from "../../bench/measure/page";
import { Report } from "../../bench/measure/report";
import { isMet, type Row, type Target } from "../../bench/measure/row";
import { renderGrowths, renderRows } from "../../bench/measure/table";

const row: Row = {
  id: "unknown",
  work: "preview",
  unit: "s",
  own: [3, 2, 4],
  peer: { name: "an empty program", values: [2, 2, 2] },
  target: { of: "ratio", is: "at most", limit: 1.3 },
};

describe("a row's target", () => {
  it.each<[Target, boolean]>([
    [{ of: "ratio", is: "at most", limit: 1.5 }, true],
    [{ of: "ratio", is: "at most", limit: 1.4 }, false],
    [{ of: "ratio", is: "at least", limit: 1.5 }, true],
    [{ of: "ratio", is: "at least", limit: 1.6 }, false],
    [{ of: "value", is: "at most", limit: 3 }, true],
    [{ of: "value", is: "at most", limit: 2.9 }, false],
  ])("%p is met: %p", (target, met) => {
    expect(isMet({ ...row, target })).toBe(met);
  });

  it("need not be there", () => {
    expect(isMet({ ...row, target: undefined })).toBeUndefined();
  });
});

describe("the tables", () => {
  it("have medians, ratios with their spread, and what was to be reached", () => {
    const alone: Row = {
      id: "doctor",
      work: "doctor",
      unit: "s",
      own: [12.34],
      target: { of: "value", is: "at most", limit: 10 },
    };
    expect(renderRows([row, { ...alone, own: [1.234] }])).toBe(
      [
        "| work    | median | compared with    | its median | pairs | ratio (spread)      | to reach       | met    |",
        "| ------- | ------ | ---------------- | ---------- | ----- | ------------------- | -------------- | ------ |",
        "| preview | 3.00 s | an empty program | 2.00 s     | 3     | 1.50 (1.00 to 2.00) | at most 1.3    | **no** |",
        "| doctor  | 1.23 s |                  |            | 1     |                     | at most 10.0 s | yes    |",
      ].join("\n"),
    );
  });

  it("have a column for each size of what grows, and a table for each list of sizes", () => {
    const tags = { id: "tags", work: "cleanup", of: "tags", unit: "s" } as const;
    const points = [100, 1000, 10_000].map((size) => ({ size, values: [size ** 2 / 1e4] }));
    const page = { id: "pages", work: "preview", of: "pages", unit: "s" } as const;
    expect(
      renderGrowths([
        { ...tags, points },
        { ...page, points: [{ size: 1, values: [1234, 1300, 1200] }] },
      ]),
    ).toBe(
      [
        "| tags    | 100    | 1,000 | 10,000   | bends                                         |",
        "| ------- | ------ | ----- | -------- | --------------------------------------------- |",
        "| cleanup | 1.00 s | 100 s | 10,000 s | from 100 tags on: 11.0 times as much for each |",
        "",
        "| pages   | 1       | bends |",
        "| ------- | ------- | ----- |",
        "| preview | 1,234 s | no    |",
      ].join("\n"),
    );
  });
});

describe("RESULTS.md", () => {
  const circumstances = {
    commit: "abc1234",
    day: "2026-11-30",
    machine: "2 cores.",
    minutes: 41.4,
    left: [],
  };
  const createReport = (): Report =>
    new Report({ maximumRuns: Infinity, maximumSize: Infinity, isLong: false });

  const texts = {
    remarks: { known: { why: "Too slow.", next: "be faster." } },
    elsewhere: [{ work: "all", value: "1 h", target: "1 min", where: "on the moon" }],
    notes: ["A note."],
  };

  it("says what was missed, what failed, and where it ran", () => {
    const report = createReport();
    report.rows.push(row);
    report.failures.push({ work: "skaffold", reason: "It ended with 1:\nmany lines" });
    const page = renderPage(report, circumstances, texts);
    expect(page).toContain("Commit abc1234, 2026-11-30, in 41 minutes. 2 cores.");
    expect(page).toContain("## Failed\n\n- skaffold: It ended with 1:\n");
    expect(page).toContain("## Missed\n\n- preview: Not looked into yet. Next: find out why.\n");
    expect(page).toMatch(/^\| all +\| 1 h +\| 1 min +\| on the moon \|$/m);
    expect(page).toContain("- A note.");
  });

  it("has the remarks on a missed row, which a run keeps", () => {
    const report = createReport();
    report.rows.push({ ...row, id: "known" });
    const page = renderPage(report, circumstances, texts);
    expect(page).toContain("- preview: Too slow. Next: be faster.");
  });

  it("says which groups a run that was ended early did not measure", () => {
    const page = renderPage(createReport(), { ...circumstances, left: ["tags", "sites"] }, texts);
    expect(page).toContain("\n\nThe run was ended before these groups: tags, sites.\n\n");
  });

  it("has no section for what did not happen", () => {
    const report = createReport();
    report.rows.push({ ...row, target: undefined });
    const page = renderPage(report, circumstances, texts);
    expect(page).not.toMatch(/## (Missed|Failed)|was ended/);
  });
});
