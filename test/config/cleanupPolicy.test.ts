import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { computeContentTag } from "../../components/image/contentTag";
import { computeTagNames, tagKinds } from "../../components/release/tagNames";
import {
  defaultCleanupPolicy,
  findCleanupPolicyProblems,
  readCleanupPolicy,
} from "../../config/cleanupPolicy";

const find = (policy: object) => findCleanupPolicyProblems(JSON.stringify(policy));
const bar = (pattern: string) =>
  `has \`nameRegexKeep\`, which is "${pattern}", with a \`|\` outside parentheses: to GitLab, \`a|b\` is what begins with "a" or ends with "b". Use \`(?:a|b)\`.`;

describe("findCleanupPolicyProblems", () => {
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
      'has `enabled`, which is "yes", which is not "true" or "false".',
      'has `cadence`, which is "2d", which is not "1d", "7d", "14d", "1month" or "3month".',
      'has `keepN`, which is "3", which is not "0", "1", "5", "10", "25", "50" or "100".',
      'has `olderThan`, which is "31d", which is not "7d", "14d", "30d" or "90d".',
      "has `nameRegexDelete`, which is empty, so nothing would be deleted. Use `enabled: false` for that.",
      "has `nameRegexKeep`, which has 256 characters. GitLab stores 255 at most.",
      'has "keep". It may have `enabled`, `cadence`, `keepN`, `olderThan`, `nameRegexDelete`, `nameRegexKeep`.',
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
      expect(find({ nameRegexKeep })).toEqual([bar(nameRegexKeep)]);
    },
  );

  it("refuses what is no object, and a field that is none of text, number and truth value", () => {
    expect(findCleanupPolicyProblems("30d")).toEqual([
      "is not an object such as { olderThan: 30d }.",
    ]);
    expect(find({ keepN: null, cadence: ["1d"] })).toEqual([
      "has `keepN`, which is neither text nor a number.",
      "has `cadence`, which is neither text nor a number.",
    ]);
  });
});

describe("readCleanupPolicy", () => {
  it("fills in what is left out", () => {
    expect(readCleanupPolicy('{"enabled":false,"keepN":"10","olderThan":""}')).toEqual({
      ...defaultCleanupPolicy,
      enabled: false,
      keepN: 10,
      olderThan: "",
    });
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
