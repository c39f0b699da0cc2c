import { measureInTurns } from "../../bench/measure/pairs";
import { Report } from "../../bench/measure/report";

const unlimited = { maximumRuns: Infinity, maximumSize: Infinity, isLong: false };
const row = { id: "row", work: "work", unit: "s" } as const;
let printed: string[];

beforeEach(() => {
  printed = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});

/** Returns 1, 2, 3 ... and notes each call. */
function count(name: string, calls: string[]) {
  let value = 0;
  return (): Promise<number> => {
    calls.push(name);
    return Promise.resolve((value += 1));
  };
}

describe("measureInTurns", () => {
  it("measures A B A B, after a run of each that does not count", async () => {
    const calls: string[] = [];
    const lines: string[] = [];
    const turns = await measureInTurns(count("A", calls), [count("B", calls)], {
      count: 2,
      warmUp: true,
      onTurn: (line) => lines.push(line),
    });
    expect(calls.join(" ")).toBe("A B A B A B");
    expect(turns).toEqual({ own: [2, 3], peers: [[2, 3]] });
    expect(lines).toEqual(["1 of 2: 2.00 | 2.00", "2 of 2: 3.00 | 3.00"]);
  });
});

describe("Report", () => {
  it("adds a row for each peer, which all were measured in the same turns", async () => {
    const calls: string[] = [];
    const report = new Report(unlimited);
    await report.compare(
      [
        { ...row, comparedWith: "one", peer: count("one", calls) },
        { ...row, id: "second", comparedWith: "two", peer: count("two", calls) },
      ],
      count("own", calls),
      { count: 2 },
    );
    expect(calls).toEqual(["own", "one", "two", "own", "one", "two"]);
    expect(report.rows).toEqual([
      { ...row, own: [1, 2], peer: { name: "one", values: [1, 2] } },
      { ...row, id: "second", own: [1, 2], peer: { name: "two", values: [1, 2] } },
    ]);
  });

  it("notes a row that fails, and goes on", async () => {
    const report = new Report(unlimited);
    await report.measure(row, () => Promise.reject(new Error("It broke.")), 3);
    await report.measure({ ...row, work: "next" }, () => Promise.resolve(1), 3);
    expect(report.failures).toEqual([{ work: "work", reason: "It broke." }]);
    expect(report.rows).toEqual([{ ...row, work: "next", own: [1, 1, 1] }]);
    expect(printed).toContain("  failed: It broke.");
  });

  it("keeps the sizes before the one that fails", async () => {
    const report = new Report(unlimited);
    const growths = [{ ...row, of: "pages" }];
    await report.grow(growths, [1, 10, 100], (size) =>
      size < 100 ? Promise.resolve([[size]]) : Promise.reject(new Error("Too many.")),
    );
    expect(report.growths).toEqual([
      {
        ...growths[0],
        points: [
          { size: 1, values: [1] },
          { size: 10, values: [10] },
        ],
      },
    ]);
    expect(report.failures).toEqual([{ work: "work", reason: "Too many." }]);
  });

  it("measures less if it is only tried", async () => {
    const report = new Report({ maximumRuns: 1, maximumSize: 10, isLong: false });
    await report.measure(row, () => Promise.resolve(1), 5);
    await report.grow([{ ...row, of: "pages" }], [1, 10, 100], (size) => Promise.resolve([[size]]));
    expect(report.rows[0].own).toEqual([1]);
    expect(report.growths[0].points.map(({ size }) => size)).toEqual([1, 10]);
  });
});
