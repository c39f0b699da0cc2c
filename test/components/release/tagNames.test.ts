import {
  computeEnvironmentTag,
  computePreviousTag,
  computeRefSlug,
  computeTagNames,
  defaultTagKinds,
  type TagKind,
  type TagSources,
} from "../../../components/release/tagNames";

const commit = "1ecfd275763eff1d6b4844ea3168962458c9f27a";
const revision = { commit, dirty: false, branch: "feature/menu", version: "v1.2.3" };

function compute(sources: Partial<TagSources> = {}) {
  return computeTagNames({
    revision,
    stack: "dev",
    kinds: defaultTagKinds,
    isProduction: false,
    ...sources,
  });
}

describe("computeTagNames", () => {
  it("names branch, commit, version and environment when nothing else is said", () => {
    expect(compute()).toEqual({
      tags: {
        branch: "feature-menu",
        commit: "1ecfd275",
        version: "v1.2.3",
        environment: "env-dev",
      },
      problems: [],
    });
  });

  it.each<TagKind>(["branch", "commit", "version", "environment"])("can leave out %s", (kind) => {
    const { tags } = compute({ kinds: defaultTagKinds.filter((one) => one !== kind) });
    expect(Object.keys(tags)).not.toContain(kind);
    expect(Object.keys(tags)).toHaveLength(3);
  });

  it("marks what differs from its commit, and gives it no version", () => {
    const { tags } = compute({ revision: { ...revision, dirty: true } });
    expect(tags).toEqual({
      branch: "feature-menu",
      commit: "1ecfd275-dirty",
      environment: "env-dev",
    });
  });

  it.each<[string, TagSources["revision"]]>([
    ["was not built here", undefined],
    ["comes from where there is no git", { dirty: false }],
  ])("names only the environment of what %s", (_, unknown) => {
    expect(compute({ revision: unknown })).toEqual({
      tags: { environment: "env-dev" },
      problems: [],
    });
  });

  it("names no branch on a detached head", () => {
    const { tags } = compute({ revision: { commit, dirty: false } });
    expect(tags).toEqual({ commit: "1ecfd275", environment: "env-dev" });
  });

  it("names `latest` only where it is wanted, and never in production", () => {
    const kinds: TagKind[] = ["latest"];
    expect(compute().tags).not.toHaveProperty("latest");
    expect(compute({ kinds }).tags).toEqual({ latest: "latest" });
    expect(compute({ kinds, isProduction: true })).toEqual({ tags: {}, problems: [] });
  });

  it.each(["latest", "cache", "env/prod", "previous-dev", "Content-1", "deadbeef", "20241101"])(
    "does not let branch %s move another tag",
    (branch) => {
      const { problems, tags } = compute({ revision: { ...revision, branch } });
      const slug = branch.toLowerCase().replace("/", "-");
      expect(tags).not.toHaveProperty("branch");
      expect(problems).toEqual([
        `Branch \`${branch}\` gets no tag: the tag \`${slug}\` has another meaning here. Give the branch another name.`,
      ]);
    },
  );

  it("says that a branch's name leaves no slug", () => {
    const { problems, tags } = compute({ revision: { ...revision, branch: "___" } });
    expect(tags).not.toHaveProperty("branch");
    expect(problems).toEqual([
      "Branch `___` gets no tag: its name has no letter or digit that a tag could have. Give the branch another name.",
    ]);
  });

  it.each([
    ["version", { revision: { ...revision, version: "v1.2.3+build.5" } }, "v1.2.3+build.5"],
    ["environment", { stack: "x".repeat(125) }, `env-${"x".repeat(125)}`],
  ])("says that a %s can't be a tag", (kind, sources, tag) => {
    const names = compute(sources);
    expect(names.tags).not.toHaveProperty(kind);
    expect(names.problems).toEqual([
      `There is no ${kind} tag: "${tag}" is not one. A tag has at most 128 letters, digits, \`_\`, \`.\` and \`-\`, and does not begin with \`.\` or \`-\`.`,
    ]);
  });

  it("takes a tag of 128 characters", () => {
    const stack = "x".repeat(124);
    expect(compute({ stack }).tags.environment).toBe(`env-${stack}`);
  });
});

it("names what a stack runs and what it ran before", () => {
  expect([computeEnvironmentTag("prod"), computePreviousTag("prod")]).toEqual([
    "env-prod",
    "previous-prod",
  ]);
});

describe("computeRefSlug", () => {
  it.each([
    ["main", "main"],
    ["feature/menu", "feature-menu"],
    ["Feature_Menu", "feature-menu"],
    ["release/1.2", "release-1-2"],
    ["a--b", "a--b"],
    ["-main-", "main"],
    ["#123 fix it!", "123-fix-it"],
    ["Übersicht", "bersicht"],
    ["grün", "gr-n"],
    // One character, though two units of UTF-16.
    ["go-🚀-on", "go---on"],
    ["___", ""],
    ["x".repeat(64), "x".repeat(63)],
    // Cut first: then the end may be a `-` that goes too.
    [`${"x".repeat(62)}/more`, "x".repeat(62)],
  ])("makes of %s what GitLab makes of it", (ref, slug) => {
    expect(computeRefSlug(ref)).toBe(slug);
  });
});
