import { computeRatios, computeSpread, findBend } from "../../bench/measure/statistics";

describe("computeSpread", () => {
  it.each([
    [[3, 1, 2], { median: 2, smallest: 1, largest: 3 }],
    [[4, 1, 3, 2], { median: 2.5, smallest: 1, largest: 4 }],
    [[7], { median: 7, smallest: 7, largest: 7 }],
    // Numbers are not sorted as texts.
    [[10, 9, 100], { median: 10, smallest: 9, largest: 100 }],
  ])("of %p", (values, spread) => {
    expect(computeSpread(values)).toEqual(spread);
  });

  it("refuses no values", () => {
    expect(() => computeSpread([])).toThrow("A spread needs at least one value.");
  });
});

describe("computeRatios", () => {
  it("divides each value by that of the same turn", () => {
    expect(computeRatios([2, 9], [1, 3])).toEqual([2, 3]);
  });

  it("refuses values without a peer's", () => {
    expect(() => computeRatios([1, 2], [1])).toThrow(
      "2 values can't be compared with 1: pairs are needed.",
    );
  });
});

describe("findBend", () => {
  const grow = (...values: readonly number[]) =>
    findBend(values.map((value, index) => ({ size: 10 ** index, value })));

  it("finds none in a cost that a constant and each unit have", () => {
    expect(grow(5.1, 6, 15, 105)).toBeUndefined();
  });

  it("finds none in a cost that grows more slowly", () => {
    expect(grow(1, 5, 10, 20)).toBeUndefined();
  });

  it("finds the size from which on each unit costs more", () => {
    // 1 each up to 10, then 2 each.
    expect(grow(1, 10, 190)).toEqual({ from: 10, factor: 2 });
  });

  it("takes small differences for noise", () => {
    expect(grow(1, 1, 1.1, 1.2)).toBeUndefined();
  });

  it("does not take a process's start for the cost of the first units", () => {
    const points = [
      { size: 10, value: 0.14 },
      { size: 100, value: 0.25 },
      { size: 1000, value: 2.4 },
      { size: 10_000, value: 21 },
    ];
    expect(findBend(points)?.from).toBe(100);
    expect(findBend(points, 0.5)).toBeUndefined();
  });
});
