import { createKeepTest, planCleanup } from "../../../cli/cleanup/plan";
import type { TagInfo } from "../../../cli/gitlab/containerRegistry";
import { type CleanupPolicy, defaultCleanupPolicy } from "../../../config/cleanupPolicy";

const now = new Date("2027-01-31T12:00:00Z");
const everything: CleanupPolicy = {
  ...defaultCleanupPolicy,
  nameRegexDelete: ".*",
  nameRegexKeep: "",
  olderThan: "",
};

/** Tags by name, with their age in days; null for none. */
function tagsOf(ages: Record<string, number | null>): TagInfo[] {
  return Object.entries(ages).map(([name, days]) => ({
    name,
    digest: `sha256:${name}`,
    createdAt:
      days === null ? undefined : new Date(now.getTime() - days * 86_400_000).toISOString(),
  }));
}

function plan(
  tags: readonly TagInfo[],
  policy: Partial<CleanupPolicy>,
  protectedPatterns: readonly string[] = [],
): Record<string, string> {
  const decisions = planCleanup(tags, { ...everything, ...policy }, protectedPatterns, now);
  return Object.fromEntries(decisions.map(({ tag, verdict }) => [tag.name, verdict]));
}

describe("planCleanup", () => {
  it("deletes what GitLab's documentation says in its example", () => {
    const tags = tagsOf({
      latest: 2 / 24,
      "production-v44": 3,
      "production-v43": 6,
      "production-v42": 11,
      "dev-v44": 2,
      "dev-v43": 5,
      "dev-v42": 10,
      v44: 1,
      v43: 12,
      v42: 20,
    });
    expect(plan(tags, { keepN: 1, olderThan: "7d", nameRegexKeep: "production-.*" })).toEqual({
      latest: "latest",
      "production-v44": "to keep",
      "production-v43": "to keep",
      "production-v42": "to keep",
      "dev-v44": "not old enough",
      "dev-v43": "not old enough",
      "dev-v42": "deleted",
      v44: "among the newest",
      v43: "deleted",
      v42: "deleted",
    });
  });

  it.each([
    ["v1", ["v1"]],
    ["v1.*", ["v1", "v1-x"]],
    ["(v1|x-v1)", ["v1", "x-v1"]],
    // GitLab puts no parentheses around it.
    ["v1|y", ["v1", "v1-x"]],
    ["x|v1", ["v1", "x-v1"]],
    ["(?i)V1", ["v1"]],
    ["", []],
  ])("deletes what matches %p as a whole", (nameRegexDelete, deleted) => {
    const verdicts = plan(tagsOf({ v1: 1, "v1-x": 1, "x-v1": 1 }), { nameRegexDelete });
    const names = Object.keys(verdicts).filter((name) => verdicts[name] === "deleted");
    expect(names).toEqual(deleted);
  });

  it("takes a tag without a date for the newest, and never for old", () => {
    const tags = tagsOf({ dated: 100, index: null });
    expect(plan(tags, { keepN: 1 })).toEqual({ dated: "deleted", index: "among the newest" });
    expect(plan(tags, { olderThan: "7d" })).toEqual({ dated: "deleted", index: "no date" });
    expect(plan(tags, {})).toEqual({ dated: "deleted", index: "deleted" });
  });

  it("compares ages to the millisecond", () => {
    const at = (name: string, ms: number): TagInfo => ({
      name,
      digest: "sha256:a",
      createdAt: new Date(now.getTime() - 7 * 86_400_000 + ms).toISOString(),
    });
    expect(plan([at("before", -1), at("at", 0)], { olderThan: "7d" })).toEqual({
      before: "deleted",
      at: "not old enough",
    });
  });

  it("leaves a tag that GitLab can't read, which takes no place among the newest", () => {
    const broken = { name: "broken", digest: undefined, createdAt: undefined };
    expect(plan([broken, ...tagsOf({ a: 1, b: 2 })], { keepN: 1 })).toEqual({
      broken: "unreadable",
      a: "among the newest",
      b: "deleted",
    });
  });

  it("skips what is protected last: it takes a place among the newest", () => {
    expect(plan(tagsOf({ a1: 1, a2: 2, c: 3 }), { keepN: 1 }, ["^a"])).toEqual({
      a1: "among the newest",
      a2: "protected",
      c: "deleted",
    });
  });
});

describe("createKeepTest", () => {
  it("goes by names alone", () => {
    const isKept = createKeepTest({ ...defaultCleanupPolicy, nameRegexDelete: ".*" });
    const kept = ["latest", "v1.0.0", "env-prod", "previous-prod", "layers", "cache"];
    const expiring = ["main", "0123abcd", "content-0123", "my-env-prod", "cache-1", "v"];
    expect([...kept, ...expiring].filter(isKept)).toEqual(kept);
  });

  it("keeps everything where the policy is off", () => {
    expect(createKeepTest({ ...everything, enabled: false })("main")).toBe(true);
  });
});
