import { computeTokenName, isTokenName } from "../../../components/registry/tokenName";

const owner = { project: "gatsby-site", stack: "dev" };

describe("computeTokenName", () => {
  it("names project, stack and role", () => {
    expect(computeTokenName(owner, "push", "/2")).toBe("slipway/gatsby-site/dev/push/2");
  });

  it("names the GitLab project too where a group has the tokens", () => {
    expect(computeTokenName({ ...owner, gitlabProjectPath: "web/site" }, "pull", "-a")).toBe(
      "slipway/web/site/gatsby-site/dev/pull-a",
    );
  });
});

describe("isTokenName", () => {
  it.each([
    ["slipway/gatsby-site/dev/push", true],
    ["slipway/gatsby-site/dev/push/12", true],
    ["slipway/gatsby-site/dev/pull", true],
    ["slipway/gatsby-site/dev/pull-b/3", true],
    ["slipway/gatsby-site/dev/pull-c", false],
    ["slipway/gatsby-site/dev/pull-a/3/x", false],
    ["slipway/gatsby-site/dev2/push", false],
    ["slipway/web/gatsby-site/gatsby-site/dev/push", false],
    ["gatsby-site/dev/push", false],
    ["", false],
  ])("tells whether %j is this stack's", (name, expected) => {
    expect(isTokenName(owner, name)).toBe(expected);
  });

  it("does not take another project's tokens in the same group for this one's", () => {
    const shared = { ...owner, gitlabProjectPath: "web/site" };

    expect(isTokenName(shared, "slipway/web/site/gatsby-site/dev/pull-a")).toBe(true);
    expect(isTokenName(shared, "slipway/web/other/gatsby-site/dev/pull-a")).toBe(false);
    expect(isTokenName(owner, "slipway/web/site/gatsby-site/dev/pull-a")).toBe(false);
  });
});
