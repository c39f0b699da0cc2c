import * as fc from "fast-check";

import {
  computeNextRotation,
  computeTokenSlot,
  computeRotationPeriod,
} from "../../../components/registry/rotationPeriod";

const day = 24 * 60 * 60 * 1000;
const owner = "gatsby-site/dev";

describe("computeTokenWindow", () => {
  it.each([
    ["the first instant of a window", "2025-11-22T00:00:00.000Z"],
    ["another day of it", "2025-12-24T13:37:42.123Z"],
    ["its last instant", "2026-01-20T23:59:59.999Z"],
  ])("answers for %s", (_, now) => {
    expect(computeRotationPeriod(new Date(now), 60, owner)).toEqual({
      index: 340,
      end: new Date("2026-01-21T00:00:00Z"),
      expiresAt: "2026-03-22T00:00:00Z",
    });
  });

  it("goes on to the next one", () => {
    expect(computeRotationPeriod(new Date("2026-01-21T00:00:00Z"), 60, owner)).toEqual({
      index: 341,
      end: new Date("2026-03-22T00:00:00Z"),
      expiresAt: "2026-05-21T00:00:00Z",
    });
  });

  it("has windows of a day", () => {
    expect(computeRotationPeriod(new Date("2025-11-24T23:59:59Z"), 1, owner)).toMatchObject({
      end: new Date("2025-11-25T00:00:00Z"),
      expiresAt: "2025-11-26T00:00:00Z",
    });
  });

  it("begins each stack's windows on days of their own", () => {
    const now = new Date("2025-11-24T10:00:00Z");
    const stacks = ["dev", "staging", "prod", "review-1", "review-2"];
    const ends = stacks.map((stack) => computeRotationPeriod(now, 60, `gatsby-site/${stack}`).end);

    expect(new Set(ends.map(Number)).size).toBeGreaterThan(3);
  });

  it("leaves a token more than one window and at most two to live, from midnight to midnight", () => {
    const time = fc.date({ min: new Date("1980-01-01"), max: new Date("2100-01-01") });
    fc.assert(
      fc.property(
        time.filter((now) => !Number.isNaN(now.getTime())),
        fc.integer({ min: 1, max: 365 }),
        fc.string(),
        (now, rotateEveryDays, anyone) => {
          const { end, expiresAt } = computeRotationPeriod(now, rotateEveryDays, anyone);
          const life = (Date.parse(expiresAt) - now.getTime()) / day;
          expect(life).toBeGreaterThan(rotateEveryDays);
          expect(life).toBeLessThanOrEqual(2 * rotateEveryDays);
          expect(Date.parse(expiresAt) - end.getTime()).toBe(rotateEveryDays * day);
          expect(expiresAt).toMatch(/T00:00:00Z$/);
        },
      ),
    );
  });
});

describe("computeTokenSlot", () => {
  const window = { index: 340, end: new Date(), expiresAt: "" };

  it.each([
    [340, 0, "a"],
    [341, 0, "b"],
    [340, 1, "b"],
    [341, 1, "a"],
    [340, 2, "a"],
    [-1, 0, "b"],
  ])("takes turns: window %i, rotation %i", (index, rotation, slot) => {
    expect(computeTokenSlot({ ...window, index }, rotation)).toBe(slot);
  });
});

describe("computeNextRotation", () => {
  it("never replaces the token in use, also if rotations of the calendar are due", () => {
    const number = fc.integer({ min: 0, max: 1000 });
    const every = fc.integer({ min: 1, max: 365 });
    fc.assert(
      fc.property(number, every, fc.integer({ min: 0, max: 9 }), (rotation, days, due) => {
        const then = new Date("2026-03-01T12:00:00Z");
        const before = computeRotationPeriod(then, days, owner);
        const now = computeRotationPeriod(new Date(then.getTime() + due * days * day), days, owner);
        const next = computeNextRotation(rotation, now, days, before.expiresAt);
        expect(next).toBeGreaterThan(rotation);
        expect(computeTokenSlot(now, next)).not.toBe(computeTokenSlot(before, rotation));
      }),
    );
  });

  it("adds one if the token in use is unknown", () => {
    const period = computeRotationPeriod(new Date(), 60, owner);
    expect(computeNextRotation(4, period, 60, undefined)).toBe(5);
  });
});
