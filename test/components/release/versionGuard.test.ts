import { RegistryClient } from "../../../components/registry/registryClient";
import { findVersionProblem } from "../../../components/release/versionGuard";
import { FakeRegistry } from "../../support/registry";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"d".repeat(64)}`;
const other = `sha256:${"a".repeat(64)}`;
const login = { username: "writer", password: "gldt-1/+ü" };

let registry: FakeRegistry;

beforeEach(() => {
  registry = FakeRegistry.install(repository, login);
});

afterEach(() => jest.restoreAllMocks());

function find(permitted?: string): Promise<string | undefined> {
  return findVersionProblem(new RegistryClient(repository, login), "v1.2.3", digest, permitted);
}

describe("findVersionProblem", () => {
  it.each<[string, Record<string, string>]>([
    ["does not exist yet", {}],
    ["is this release's already", { "v1.2.3": digest }],
  ])("lets a version be that %s", async (_, existing) => {
    registry.tags = existing;
    expect(await find()).toBeUndefined();
  });

  it("names both digests and the remedies where a version is another release's", async () => {
    registry.tags = { "v1.2.3": other };
    expect(await find()).toBe(
      `\`${repository}:v1.2.3\` is ${other} already, and this update has ${digest}: nothing was tagged. A version stays what it was released as. Tag the commit with a new version, or, if this is the same version on patched base images, let it replace that one:
    pulumi config set replaceVersion v1.2.3@${other}`,
    );
  });

  it("lets it be taken from the release that the configuration names", async () => {
    registry.tags = { "v1.2.3": other };
    expect(await find(`v1.2.3@${other}`)).toBeUndefined();
  });

  it.each([
    ["another version", `v1.2.4@${other}`],
    ["a release that it no longer is", `v1.2.3@sha256:${"b".repeat(64)}`],
    ["the version alone", "v1.2.3"],
  ])("does not give it up for %s", async (_, permitted) => {
    registry.tags = { "v1.2.3": other };
    expect(await find(permitted)).toContain("A version stays what it was released as.");
  });

  it("says why it can't tell, and no credential", async () => {
    registry.failWith = 403;
    const problem = await find();

    expect(problem).toBe(
      `Whether \`${repository}:v1.2.3\` exists can't be found out, so nothing was tagged. Request failed with status code 403: HEAD https://gitlab.example.com:5050/v2/web/gatsby-site/manifests/v1.2.3.`,
    );
  });
});
