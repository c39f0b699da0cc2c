import { tokenOf } from "./support/engine";
import { leavePipeline } from "./support/pipeline";
import { config, image, inSmallestProject, install, run, start, valuesOf } from "./support/program";
import { FakeRegistry } from "./support/registry";

inSmallestProject();

describe("a stack that is told which release to run", () => {
  const released = `sha256:${"a".repeat(64)}`;
  const before = `sha256:${"b".repeat(64)}`;
  const promote = {
    "gatsby-site:tier": "production",
    "gatsby-site:release": "promote",
    "gatsby-site:promoteFrom": "staging",
  };
  const stacks = {
    "organization/gatsby-site/staging": {
      outputs: {
        ...{ image: `${image}@${released}`, digest: released, commit: "1ecfd275", tier: "staging" },
        ...{ version: "v1.2.3", tags: ["main", "env-staging"] },
      },
    },
    "organization/gatsby-site/prod": {
      outputs: { image: `${image}@${before}`, digest: before, commit: "0ldc0de" },
    },
  };

  let promoted: Awaited<ReturnType<typeof run>>;

  beforeAll(async () => {
    leavePipeline();
    installRegistry();
    promoted = await run(promote, { stack: "prod", stacks });
  });
  beforeEach(installRegistry);
  afterEach(() => jest.restoreAllMocks());

  function installRegistry() {
    const login = { username: "slipway-gatsby-site-prod-push", password: tokenOf("registry-push") };
    FakeRegistry.install(image, login).tags = { [released]: released, [before]: before };
  }

  it("builds nothing, and makes all else", () => {
    expect(promoted.engine.tree()).toMatchInlineSnapshot(`
      [
        "docker-build:index:Index previous-previous < previous",
        "docker-build:index:Index release-environment < release",
        "gitlab:index/projectDeployToken:ProjectDeployToken registry-pull-a < registry",
        "gitlab:index/projectDeployToken:ProjectDeployToken registry-pull-b < registry",
        "gitlab:index/projectDeployToken:ProjectDeployToken registry-push < registry",
        "kubernetes:apps/v1:Deployment gatsby-site < gatsby-site",
        "kubernetes:core/v1:ConfigMap gatsby-site-environment < gatsby-site",
        "kubernetes:core/v1:Namespace gatsby-site-namespace < gatsby-site",
        "kubernetes:core/v1:Secret gatsby-site-pull < gatsby-site-pull",
        "kubernetes:core/v1:Service gatsby-site-service < gatsby-site",
        "kubernetes:core/v1:ServiceAccount gatsby-site-account < gatsby-site",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy gatsby-site-network < gatsby-site",
        "kubernetes:policy/v1:PodDisruptionBudget gatsby-site-budget < gatsby-site",
        "pulumi:providers:gitlab gitlab < stack",
        "pulumi:providers:kubernetes cluster < stack",
        "slipway:index:GatsbySite gatsby-site < stack",
        "slipway:index:PreviousRelease previous < stack",
        "slipway:index:PullSecret gatsby-site-pull < gatsby-site",
        "slipway:index:RegistryAccess registry < stack",
        "slipway:index:ReleaseTags previous < previous",
        "slipway:index:ReleaseTags release < stack",
        "slipway:index:ReleasedImage released-image < stack",
      ]
    `);
  });

  it("runs what the other stack runs, and says where it comes from", async () => {
    const { engine, outputs } = promoted;

    expect(engine.find("gatsby-site", "kubernetes:apps/v1:Deployment").inputs).toMatchObject({
      metadata: { annotations: { "slipway/commit": "1ecfd275" } },
      spec: { template: { spec: { containers: [{ image: `${image}@${released}` }] } } },
    });
    expect(await valuesOf(outputs)).toMatchObject({
      image: `${image}@${released}`,
      digest: released,
      commit: "1ecfd275",
      version: "v1.2.3",
      tags: ["main", "env-prod"],
      tier: "production",
      previousDigest: before,
      previousCommit: "0ldc0de",
    });
  });

  it("moves the tags of what it runs and of what it ran before", () => {
    const { engine } = promoted;

    expect(engine.find("release-environment").inputs).toMatchObject({
      tag: `${image}:env-prod`,
      sources: [`${image}@${released}`],
    });
    expect(engine.find("previous-previous").inputs).toMatchObject({
      tag: `${image}:previous-prod`,
      sources: [`${image}@${before}`],
    });
  });

  it("gives the release the version that a pipeline runs for", async () => {
    process.env.CI_COMMIT_SHA = "1ecfd275763eff1d6b4844ea3168962458c9f27a";
    process.env.CI_COMMIT_TAG = "v1.3.0";
    const { engine, outputs } = await run(promote, { stack: "prod", stacks, preview: true });

    expect(engine.find("release-version").inputs.tag).toBe(`${image}:v1.3.0`);
    expect(await valuesOf(outputs)).toMatchObject({
      version: "v1.3.0",
      tags: ["main", "v1.3.0", "env-prod"],
    });
  });

  it("lets a pin win over the other stack", async () => {
    const warn = jest.spyOn(console, "warn").mockReturnValue();
    const pinned = { ...promote, "gatsby-site:digest": before };
    const { engine, outputs } = await run(pinned, { stack: "prod", stacks });

    expect(engine.tree().filter((line) => line.includes("Image"))).toEqual([
      "slipway:index:ReleasedImage released-image < stack",
    ]);
    expect(await valuesOf(outputs)).toMatchObject({
      digest: before,
      commit: "0ldc0de",
      tags: ["env-prod"],
    });
    expect(warn.mock.calls.flat().join()).toContain(`\`prod\` is pinned to ${before}`);
  });

  it("refuses before anything is made", async () => {
    const engine = await install({ ...config, ...promote }, { stack: "prod" });

    await expect(start()).rejects.toThrow("There is no stack `staging`.");
    expect(engine.tree()).toEqual([]);
  });

  it("lets search engines see production alone", async () => {
    const dataOf = async (values: Record<string, string>) => {
      const { engine } = await run(values, { stack: "prod", stacks });
      return engine.find("gatsby-site-environment").inputs.data as Record<string, string>;
    };

    const notice = { "gatsby-site:publicConfig": '{"notice":"Hello"}' };
    const production = await dataOf({ ...promote, ...notice });
    expect(production["environment.conf"]).not.toContain("noindex");
    expect(JSON.parse(production["config.json"])).toEqual({ notice: "Hello" });
    const staging = await dataOf({ ...promote, "gatsby-site:tier": "staging" });
    expect(staging["environment.conf"]).toContain('add_header X-Robots-Tag "noindex" always;');
  });
});
