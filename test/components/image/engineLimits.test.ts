import { type BuilderDemands, findEngineLimits } from "../../../components/image/engineLimits";

const none: BuilderDemands = { buildSecrets: [], cache: false, platforms: [], tags: [] };

describe("findEngineLimits", () => {
  it.each<[string, Partial<BuilderDemands>]>([
    ["nothing", {}],
    ["one platform", { platforms: ["linux/arm64"] }],
  ])("finds none where %s is asked for", (_, demands) => {
    expect(findEngineLimits({ ...none, ...demands })).toEqual([]);
  });

  it.each<[Partial<BuilderDemands>, string, string]>([
    [{ buildSecrets: ["NPM_TOKEN"] }, "buildSecrets", 'can\'t hand "NPM_TOKEN" to a build'],
    [{ cache: true }, "cache", "keeps no layers in the registry"],
    [
      { platforms: ["linux/amd64", "linux/arm64", "linux/arm"] },
      "platforms",
      'builds for one platform, not for "linux/amd64", "linux/arm64" and "linux/arm"',
    ],
    [
      { tags: ["branch", "commit"] },
      "tags",
      'pushes no index that tags for "branch" and "commit" could be made over',
    ],
  ])("finds that of %j", (demands, subject, reason) => {
    expect(findEngineLimits({ ...none, ...demands })).toEqual([{ subject, reason }]);
  });

  it("finds all of them at once", () => {
    const demands = { buildSecrets: ["a"], cache: true, platforms: ["x", "y"], tags: ["branch"] };
    expect(findEngineLimits(demands).map(({ subject }) => subject)).toEqual(Object.keys(none));
  });
});
