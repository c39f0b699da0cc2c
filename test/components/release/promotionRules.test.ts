import {
  describePromotionProblems,
  describeFailedUpdate,
  findPromotionProblems,
  type PromotionTarget,
} from "../../../components/release/promotionRules";
import type { DeployedRelease } from "../../../components/release/release";

const digest = `sha256:${"a".repeat(64)}`;
const repository = "gitlab.example.com:5050/web/site";
const release: DeployedRelease = {
  digest,
  commit: "",
  version: "",
  repository,
  tags: [],
  tier: "staging",
  previous: undefined,
};
const staging = { stack: "staging", exists: true, release };
const prod: PromotionTarget = {
  stack: "prod",
  tier: "production",
  skipStaging: false,
  repository,
};

describe("findPromotionProblems", () => {
  it("lets production take what staging runs", () => {
    expect(findPromotionProblems(staging, prod)).toEqual([]);
  });

  it("names a stack that does not exist", () => {
    expect(
      findPromotionProblems({ stack: "stagign", exists: false, release: undefined }, prod),
    ).toEqual([
      {
        text: "There is no stack `stagign`. Use another stack, or create and deploy that one first.",
        command: "pulumi stack ls",
      },
    ]);
  });

  it("refuses a stack on which nothing was proven to run", () => {
    expect(findPromotionProblems({ ...staging, release: undefined }, prod)).toEqual([
      {
        text: "Nothing is deployed on `staging`: it has no successful release. Deploy it first.",
        command: "pulumi up --stack staging",
      },
    ]);
  });

  it.each([
    ["development", 'is of `tier` "development"'],
    ["production", 'is of `tier` "production"'],
    ["", "has no `tier`"],
  ])('refuses to skip staging from a stack of tier "%s"', (tier, what) => {
    const source = { stack: "dev", exists: true, release: { ...release, tier } };
    expect(findPromotionProblems(source, prod)).toEqual([
      {
        text: `\`prod\` is of \`tier\` "production" and takes only what a staging stack runs, but \`dev\` ${what}. Promote to a staging stack first, or let this one skip it.`,
        command: "pulumi config set skipStaging true --stack prod",
      },
    ]);
    expect(findPromotionProblems(source, { ...prod, skipStaging: true })).toEqual([]);
    expect(findPromotionProblems(source, { ...prod, tier: "staging" })).toEqual([]);
  });

  it("refuses to bring to production what no commit holds, unless told so", () => {
    const dirty = { ...release, commit: "1ecfd275763eff1d6b4844ea3168962458c9f27a-dirty" };
    const source = { ...staging, release: dirty };

    expect(findPromotionProblems(source, prod)).toEqual([
      {
        text: '`staging` runs 1ecfd275763eff1d6b4844ea3168962458c9f27a-dirty, which was built from files that differ from that commit, and `prod` is of `tier` "production". Commit the files, deploy them to `staging` and promote again, or allow it for this stack.',
        command: "pulumi config set allowDirty true --stack prod",
      },
    ]);
    expect(findPromotionProblems(source, { ...prod, allowDirty: true })).toEqual([]);
    expect(findPromotionProblems(source, { ...prod, tier: "staging" })).toEqual([]);
    // Production took it before there was this rule.
    expect(findPromotionProblems(source, { ...prod, runningDigest: digest })).toEqual([]);
  });

  it("refuses an image that the stack could not pull, beside all else", () => {
    const elsewhere = { ...release, tier: "development", repository: "registry/other" };
    const problems = findPromotionProblems({ ...staging, release: elsewhere }, prod);

    expect(problems).toHaveLength(2);
    expect(problems[1]).toEqual({
      text: "`staging` runs an image of `registry/other`, but `prod` pulls from `gitlab.example.com:5050/web/site`. Give both the same `registry`, `project` and `imageName`.",
      command: "pulumi config --stack prod",
    });
  });
});

describe("describePromotionProblems", () => {
  it("is one message, each problem with its remedy", () => {
    const problems = [
      { text: "One.", command: "pulumi one" },
      { text: "Two.", command: "pulumi two" },
    ];
    expect(describePromotionProblems("staging", "prod", problems))
      .toBe(`\`prod\` can't take its release from \`staging\`:
  - One.
      pulumi one
  - Two.
      pulumi two`);
  });
});

describe("describeFailedUpdate", () => {
  it("says what is promoted in its place", () => {
    expect(describeFailedUpdate("staging", release)).toBe(
      `The last update of \`staging\` failed. Its last successful release is promoted: ${digest}.`,
    );
  });
});
