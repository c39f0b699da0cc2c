import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { computeContentTag } from "../../components/image/contentTag";
import { computeTagNames, tagKinds } from "../../components/release/tagNames";
import {
  cleanupPolicyKey,
  createCleanupPolicyKey,
  defaultCleanupPolicy,
} from "../../config/cleanupPolicy";
import { describeFinding } from "../../config/result";

/** The problems of a policy, each with the field that it is about. */
function find(policy: unknown): string[] {
  const result = cleanupPolicyKey.parse(JSON.stringify(policy));
  return result.ok ? [] : result.findings.map((one) => describeFinding("cleanupPolicy", one));
}

const alternation = (pattern: string) =>
  `\`cleanupPolicy.nameRegexKeep\` is "${pattern}", with a \`|\` outside parentheses. GitLab reads \`a|b\` as "begins with a or ends with b". Use \`(?:a|b)\`.`;

describe("cleanupPolicyKey", () => {
  it("finds nothing wrong with the default, or with less", () => {
    expect(find(defaultCleanupPolicy)).toEqual([]);
    expect(find({})).toEqual([]);
    expect(find({ olderThan: "", keepN: "5", nameRegexKeep: "" })).toEqual([]);
  });

  it("finds everything at once", () => {
    expect(
      find({
        enabled: "yes",
        cadence: "2d",
        keepN: 3,
        olderThan: "31d",
        nameRegexDelete: "",
        nameRegexKeep: "x".repeat(256),
        keep: 1,
      }),
    ).toEqual([
      '`cleanupPolicy` has "keep". Did you mean `keepN`?',
      '`cleanupPolicy.enabled` is "yes", which is not "true" or "false".',
      '`cleanupPolicy.cadence` is "2d", which is not "1d", "7d", "14d", "1month" or "3month".',
      '`cleanupPolicy.keepN` is "3", which is not "0", "1", "5", "10", "25", "50" or "100".',
      '`cleanupPolicy.olderThan` is "31d", which is not "7d", "14d", "30d" or "90d".',
      "`cleanupPolicy.nameRegexDelete` is empty, so nothing would be deleted. Use `enabled: false` for that.",
      "`cleanupPolicy.nameRegexKeep` has 256 characters. GitLab stores at most 255.",
    ]);
  });

  it.each([
    ["x".repeat(255)],
    ["🦀".repeat(255)],
    ["(?:a|b)"],
    ["(a|(b|c))d"],
    ["a\\|b"],
    ["[|]"],
    ["[]|]"],
    ["[^]|]a"],
  ])("takes the expression %j", (nameRegexKeep) => {
    expect(find({ nameRegexKeep })).toEqual([]);
  });

  it.each(["a|b", "(?:a)|b", "(?:a|b)|c", "[(]|b", "\\(|b", "[\\]]|b"])(
    "refuses the alternatives %j, which GitLab would tear apart",
    (nameRegexKeep) => {
      expect(find({ nameRegexKeep })).toEqual([alternation(nameRegexKeep)]);
    },
  );

  it("refuses other values than objects, and fields that are lists or null", () => {
    expect(find("30d")).toEqual([
      "`cleanupPolicy` is not an object. It may have `enabled`, `cadence`, `keepN`, `olderThan`, `nameRegexDelete` and `nameRegexKeep`.",
    ]);
    expect(find({ keepN: null, cadence: ["1d"], age: "7d" })).toEqual([
      '`cleanupPolicy` has "age". It may have `enabled`, `cadence`, `keepN`, `olderThan`, `nameRegexDelete` and `nameRegexKeep`.',
      "`cleanupPolicy.cadence` is not text, a number or a boolean.",
      "`cleanupPolicy.keepN` is not text, a number or a boolean.",
    ]);
  });

  it("returns a policy with the defaults of what is missing", () => {
    expect(cleanupPolicyKey.parse('{"enabled":false,"keepN":"10","olderThan":""}')).toEqual({
      ok: true,
      value: { ...defaultCleanupPolicy, enabled: false, keepN: 10, olderThan: "" },
    });
    expect(cleanupPolicyKey.parse("")).toEqual({ ok: true, value: defaultCleanupPolicy });
  });

  it("checks the syntax of expressions too, for who asks", () => {
    const strict = createCleanupPolicyKey((pattern) => `no ${pattern}`);
    const result = strict.parse('{"nameRegexKeep":"["}');
    expect(result.ok ? [] : result.findings).toEqual([
      { path: ["nameRegexKeep"], text: 'is "[", not an RE2 expression: no [.' },
    ]);
  });
});

describe("defaultCleanupPolicy", () => {
  const matches = (pattern: string, tag: string): boolean => new RegExp(`^${pattern}$`).test(tag);
  const isDeleted = (tag: string): boolean =>
    matches(defaultCleanupPolicy.nameRegexDelete, tag) &&
    !matches(defaultCleanupPolicy.nameRegexKeep, tag);

  it("deletes the tags of commits and contents that the program creates, and no others", () => {
    const directory = mkdtempSync(join(tmpdir(), "slipway-"));
    writeFileSync(join(directory, "Dockerfile"), "FROM scratch\n");
    const content = computeContentTag({
      directory,
      dockerfile: join(directory, "Dockerfile"),
      buildArgs: {},
    });
    rmSync(directory, { recursive: true });
    expect(isDeleted(content)).toBe(true);

    const revision = { commit: "0123abcd".repeat(5), branch: "main", version: "v1.2.3" };
    const sources = { stack: "dev", kinds: tagKinds, isProduction: false };
    for (const dirty of [false, true]) {
      const { tags } = computeTagNames({ ...sources, revision: { ...revision, dirty } });
      const deleted = Object.entries(tags).filter(([, tag]) => isDeleted(tag));
      expect(deleted.map(([kind]) => kind)).toEqual(["commit"]);
    }
  });

  it.each([
    "main",
    "stable",
    "1.2.3",
    "2026-11-28",
    "base",
    "deadbeef0",
    "content-1",
    "20261128-1",
  ])("leaves the tag %j of somebody else's image alone", (tag) => {
    expect(isDeleted(tag)).toBe(false);
  });
});
