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
