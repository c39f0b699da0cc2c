import {
  planCleanup,
  type CleanupRules,
  type DatedTag,
} from "../../../../sandbox/gitlab/registry/cleanupPlan";

const now = new Date("2027-01-31T12:00:00Z");
const everything: CleanupRules = {
  nameRegexDelete: ".*",
  nameRegexKeep: null,
  keepN: null,
  olderThan: null,
};

/** Tags by name, with their age in days; null for none. */
function tagsOf(ages: Record<string, number | null>): DatedTag[] {
  return Object.entries(ages).map(([name, days]) => ({
    name,
    createdAt: days === null ? null : new Date(now.getTime() - days * 86_400_000).toISOString(),
  }));
}

function plan(
  ages: Record<string, number | null>,
  rules: Partial<CleanupRules>,
  protectedTags: readonly string[] = [],
): Record<string, string> {
  const decisions = planCleanup(tagsOf(ages), { ...everything, ...rules }, now, (tag) =>
    protectedTags.includes(tag),
  );
  return Object.fromEntries(decisions.map(({ name, verdict }) => [name, verdict]));
}

describe("planCleanup", () => {
  it("never deletes latest", () => {
    expect(plan({ latest: 99, v1: 99 }, {})).toEqual({ latest: "latest", v1: "deleted" });
  });

  it.each([
    ["v1", { v1: "deleted", "v1-x": "no match to delete", "x-v1": "no match to delete" }],
    ["v1.*", { v1: "deleted", "v1-x": "deleted", "x-v1": "no match to delete" }],
    ["(v1|x-v1)", { v1: "deleted", "v1-x": "no match to delete", "x-v1": "deleted" }],
    // Neither side of the bar is the whole name: GitLab puts no parentheses around the expression.
    ["v1|y", { v1: "deleted", "v1-x": "deleted", "x-v1": "no match to delete" }],
    ["(?i)V1", { v1: "deleted", "v1-x": "no match to delete", "x-v1": "no match to delete" }],
    ["", { v1: "no match to delete", "v1-x": "no match to delete", "x-v1": "no match to delete" }],
    [
      null,
      { v1: "no match to delete", "v1-x": "no match to delete", "x-v1": "no match to delete" },
    ],
  ])("deletes what matches %p as a whole", (nameRegexDelete, verdicts) => {
    expect(plan({ v1: 1, "v1-x": 1, "x-v1": 1 }, { nameRegexDelete })).toEqual(verdicts);
  });

  it("keeps what matches as a whole, before anything is counted", () => {
    expect(plan({ v1: 1, v10: 2, v2: 3 }, { nameRegexKeep: "v1", keepN: 1 })).toEqual({
      v1: "match to keep",
      v10: "among the newest",
      v2: "deleted",
    });
  });

  it("keeps the newest by date, not by name", () => {
    expect(plan({ a: 1, b: 3, c: 2 }, { keepN: 2 })).toEqual({
      a: "among the newest",
      b: "deleted",
      c: "among the newest",
    });
  });

  it.each([0, -1])("keeps none of the newest with %i", (keepN) => {
    expect(plan({ a: 1 }, { keepN })).toEqual({ a: "deleted" });
  });

  it("compares ages to the millisecond", () => {
    const createdAt = (ms: number): string =>
      new Date(now.getTime() - 86_400_000 + ms).toISOString();
    const tags = [-1, 0, 1].map((ms) => ({ name: `at${ms}`, createdAt: createdAt(ms) }));

    const decisions = planCleanup(tags, { ...everything, olderThan: "1d" }, now, () => false);

    expect(decisions.map(({ verdict }) => verdict)).toEqual([
      "deleted",
      "not old enough",
      "not old enough",
    ]);
  });

  it("takes a tag without a date for the newest, and never for old", () => {
    expect(plan({ dated: 1, index: null }, { keepN: 1 })).toEqual({
      dated: "deleted",
      index: "among the newest",
    });
    expect(plan({ dated: 100, index: null }, { olderThan: "7d" })).toEqual({
      dated: "deleted",
      index: "no date",
    });
    expect(plan({ index: null }, {})).toEqual({ index: "deleted" });
  });

  it("takes the last by name for the newest when dates are the same", () => {
    expect(plan({ a: 5, c: 5, b: 5 }, { keepN: 1 })).toEqual({
      a: "deleted",
      b: "deleted",
      c: "among the newest",
    });
  });

  it("skips what is protected last: it takes a place among the newest", () => {
    expect(plan({ a: 1, b: 2, c: 3 }, { keepN: 1 }, ["a", "b"])).toEqual({
      a: "among the newest",
      b: "protected",
      c: "deleted",
    });
  });

  it.each(["1h", "1 hour", "1d", "7d", "1month", "90 days", "1w"])(
    "knows the age %s",
    (olderThan) => {
      expect(plan({ a: 200 }, { olderThan })).toEqual({ a: "deleted" });
    },
  );

  it.each(["soon", "7", "d", "7 x", "1d soon"])("refuses the age %s", (olderThan) => {
    expect(() => plan({ a: 200 }, { olderThan })).toThrow(`"${olderThan}" is not an age.`);
  });

  it("counts 30 days to a month", () => {
    expect(plan({ a: 29, b: 31 }, { olderThan: "1month" })).toEqual({
      a: "not old enough",
      b: "deleted",
    });
  });
});
