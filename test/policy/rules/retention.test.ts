import { checkResource, type TestResource, unknown } from "../support/check";

describe("image-retained", () => {
  const type = "docker-build:index:Image";
  const check = (resource: Partial<TestResource>, settings = {}) =>
    checkResource(
      "image-retained",
      { type, props: { tags: unknown.list }, ...resource },
      { settings },
    );
  const message =
    "`web` is not a part of `SiteImage` or `ReleaseTags`, which keep what they push. When it is deleted, its digest goes with it, and other stacks may run that. Set its option `retainOnDelete`, which policies can't see, and add `web` to the policy's setting `resources`.";

  it.each([type, "docker-build:index:Index", "docker:index/image:Image"])(
    "refuses %s of a program's own",
    async (own) => {
      expect(await check({ type: own })).toEqual([message]);
      expect(await check({ type: own, parents: ["web:index:Site"] })).toEqual([message]);
    },
  );

  it("accepts those of Slipway's components, protected ones and listed ones", async () => {
    expect(await check({ parents: ["slipway:index:SiteImage"] })).toEqual([]);
    const tags = ["slipway:index:PreviousRelease", "slipway:index:ReleaseTags"];
    expect(await check({ parents: tags, type: "docker-build:index:Index" })).toEqual([]);
    expect(await check({ protect: true })).toEqual([]);
    expect(await check({}, { resources: ["web"] })).toEqual([]);
  });
});
