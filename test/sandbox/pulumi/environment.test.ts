import { pathWithoutSandboxes } from "../../../sandbox/pulumi/environment";

describe("pathWithoutSandboxes", () => {
  it("leaves out the wrappers of any sandbox, which must not be taken for the programs", () => {
    const path = "/repo/.sandbox/dev/bin:/usr/bin:/other/.sandbox/test/bin:/opt/.sandbox/bin:/bin";
    expect(pathWithoutSandboxes(path)).toBe("/usr/bin:/opt/.sandbox/bin:/bin");
  });
});
