import * as pulumi from "@pulumi/pulumi";

import { computeTokenSlot, computeRotationPeriod } from "../components/registry/rotationPeriod";
import { promiseOf, tokenOf, unknown } from "./support/engine";
import { config, image, inSmallestProject, install, run, start, valuesOf } from "./support/program";

const digest = `sha256:${"d".repeat(64)}`;

inSmallestProject();

describe("the program", () => {
  it("makes credentials, image, pull secret and site", async () => {
    const { engine } = await run({ "gatsby-site:host": "www.example.com" });

    expect(engine.tree()).toMatchInlineSnapshot(`
      [
        "docker-build:index:Image site-image < site-image",
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
        "kubernetes:networking.k8s.io/v1:Ingress gatsby-site-ingress < gatsby-site",
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
        "slipway:index:SiteImage site-image < stack",
      ]
    `);
  });

  it("runs the image by digest, pulled with the secret of the token that may only read", async () => {
    const { engine } = await run();

    const { inputs } = engine.find("gatsby-site", "kubernetes:apps/v1:Deployment");
    const slot = computeTokenSlot(computeRotationPeriod(new Date(), 60, "gatsby-site/dev"), 0);
    expect(inputs.spec).toMatchObject({
      template: {
        spec: {
          imagePullSecrets: [{ name: "gitlab-registry" }],
          containers: [{ name: "gatsby-site", image: `${image}@${digest}` }],
        },
      },
    });
    const { secret } = engine.find("gatsby-site-pull", "kubernetes:core/v1:Secret").inputs.data as {
      secret: Record<string, string>;
    };
    const config = Buffer.from(secret[".dockerconfigjson"], "base64").toString();
    expect(JSON.parse(config)).toMatchObject({
      auths: {
        "gitlab.example.com:5050": {
          username: "slipway-gatsby-site-dev-pull",
          password: tokenOf(`registry-pull-${slot}`),
        },
      },
    });
  });

  it("pushes with the token that may write", async () => {
    const { engine } = await run();

    expect(engine.find("site-image", "docker-build:index:Image").inputs.registries).toEqual([
      {
        address: "gitlab.example.com:5050",
        username: "slipway-gatsby-site-dev-push",
        password: { secret: tokenOf("registry-push") },
      },
    ]);
  });

  it("tags the release with what a pipeline knows of it", async () => {
    process.env.CI_COMMIT_SHA = "1ecfd275763eff1d6b4844ea3168962458c9f27a";
    process.env.CI_COMMIT_BRANCH = "feature/menu";
    const { engine, outputs } = await run({ "gatsby-site:tags": "branch,commit,latest" });

    expect((await valuesOf(outputs)).tags).toEqual(["feature-menu", "1ecfd275", "latest"]);
    expect(engine.find("release-branch").inputs).toMatchObject({
      tag: `${image}:feature-menu`,
      sources: [`${image}@${digest}`],
      registry: { username: "slipway-gatsby-site-dev-push" },
    });
  });

  it("warns of a branch that can't have a tag", async () => {
    process.env.CI_COMMIT_SHA = "1ecfd275763eff1d6b4844ea3168962458c9f27a";
    process.env.CI_COMMIT_BRANCH = "env/prod";
    const warn = jest.spyOn(console, "warn").mockReturnValue();
    const { engine } = await run({ "gatsby-site:tags": "branch" });

    expect(engine.tree().join()).not.toContain("Index");
    expect(warn).toHaveBeenCalledWith(
      "warning: [runtime] Branch `env/prod` gets no tag: the tag `env-prod` has another meaning here. Give the branch another name.",
    );
    warn.mockRestore();
  });

  it("keeps the layers beside the image", async () => {
    const { engine } = await run();

    expect(engine.find("site-image", "docker-build:index:Image").inputs.cacheFrom).toEqual([
      { registry: { ref: `${image}/cache:layers` } },
    ]);
  });

  it("talks to the cluster through a provider that changes secrets in place", async () => {
    const { engine } = await run({ "kubernetes:context": "dev" });

    expect(engine.find("cluster").inputs).toEqual({
      clusterIdentifier: "dev",
      context: "dev",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
    const inCluster = engine.registrations.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(new Set(inCluster.map(({ provider }) => provider))).toEqual(new Set(["cluster"]));
  });

  it("says where the site is, what runs and how long the tokens live", async () => {
    const { outputs } = await run();
    const { commit, pullTokenExpiresAt, pushTokenExpiresAt, ...rest } = await valuesOf(outputs);

    expect(rest).toEqual({
      url: "http://10.96.7.8",
      image: `${image}@${digest}`,
      digest,
      tags: ["env-dev"],
      version: "",
      contentVersion: "",
      tier: "development",
      previousDigest: "",
      previousCommit: "",
      previousVersion: "",
      keptDigests: [],
      namespace: "gatsby-site-dev",
      deployment: "gatsby-site",
    });
    expect(commit).toBe("");
    expect(Date.parse(pullTokenExpiresAt as string)).toBeGreaterThan(Date.now());
    expect(pushTokenExpiresAt).toBe(pullTokenExpiresAt);
  });

  it("shows no token to anyone, in any spelling", async () => {
    const { engine, outputs } = await run({ "gatsby-site:email": "web@example.com" });
    const shown = engine.clearText() + JSON.stringify(await valuesOf(outputs));

    for (const role of ["push", "pull-a", "pull-b"]) {
      const token = tokenOf(`registry-${role}`);
      const login = `slipway-gatsby-site-dev-${role.slice(0, 4)}:${token}`;
      const spellings = [token, login].flatMap((text) => [
        text,
        JSON.stringify(text).slice(1, -1),
        encodeURIComponent(text),
        Buffer.from(text).toString("base64"),
        Buffer.from(text).toString("base64url"),
      ]);
      for (const spelling of spellings) expect(shown).not.toContain(spelling);
    }
    expect(shown).not.toContain("glpat-of-the-person");
    for (const output of Object.values(outputs)) {
      expect(await pulumi.isSecret(output)).toBe(false);
    }
  });

  it("gives a site that anyone may pull no credentials to pull with", async () => {
    const { engine, outputs } = await run(
      {},
      {
        functions: {
          "gitlab:index/getProject:getProject": () => ({
            visibilityLevel: "public",
            containerRegistryAccessLevel: "enabled",
          }),
        },
      },
    );

    expect(engine.tree().join()).not.toMatch(/pull/);
    const { inputs } = engine.find("gatsby-site", "kubernetes:apps/v1:Deployment");
    expect(JSON.stringify(inputs.spec)).not.toContain("imagePullSecrets");
    expect(await promiseOf(outputs.pullTokenExpiresAt)).toBeUndefined();
  });

  it("asks GitLab nothing when all credentials exist already", async () => {
    const credentials = JSON.stringify({
      pull: { username: "reader", password: "gldt-reader" },
      push: { username: "writer", password: "gldt-writer" },
    });
    const engine = await install({ ...config, "gatsby-site:credentials": credentials }, {}, [
      "gatsby-site:credentials",
    ]);
    const outputs = await start();
    await engine.settle();

    expect(engine.calls.filter(({ token }) => token.startsWith("gitlab:"))).toEqual([]);
    // Nor is there a provider, whose token Pulumi would have GitLab check.
    expect(engine.tree().join()).not.toMatch(/DeployToken|gitlab/);
    expect(engine.clearText() + JSON.stringify(await valuesOf(outputs))).not.toMatch(/gldt-/);
  });

  it("reports a rotation by what the last update left in use", async () => {
    const engine = await install(config, {
      stacks: {
        "organization/gatsby-site/dev": {
          outputs: { pullTokenExpiresAt: "2020-01-31T00:00:00Z" },
        },
      },
    });
    const { log } = jest.requireActual<typeof pulumi>("@pulumi/pulumi");
    const warn = jest.spyOn(log, "warn").mockResolvedValue();
    await start();
    await engine.settle();

    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(/^rotation due: The pull token expired at 2020-01-31T00:00:00Z/),
    ]);
  });

  it("takes number and container of the last update's pods from the state", async () => {
    const type = "kubernetes:apps/v1:Deployment";
    const pod = {
      containers: [{ name: "gatsby-site", ports: [{ name: "http", containerPort: 8080 }] }],
    };
    const deployment = { type, outputs: { spec: { replicas: 2, template: { spec: pod } } } };
    const { engine } = await run(
      { "gatsby-site:containerPort": "80" },
      {
        stacks: {
          "organization/gatsby-site/dev": {
            outputs: { digest, image: `${image}@${digest}` },
            resources: { [`urn:pulumi:dev::gatsby-site::${type}::gatsby-site`]: deployment },
          },
        },
      },
    );

    const { inputs, request } = engine.find("gatsby-site", type);
    expect(request.getIgnorechangesList()).toEqual(["spec.replicas"]);
    expect(inputs.spec).toMatchObject({
      template: { spec: { containers: [{ name: "gatsby-site-80" }] } },
    });
  });

  it("reaches a GitLab of the company's own as it is configured", async () => {
    const { engine } = await run({ "gitlab:baseUrl": "https://gitlab.example.com/api/v4/" });

    expect(engine.find("gitlab").inputs).toEqual({
      baseUrl: "https://gitlab.example.com/api/v4/",
    });
    expect(engine.find("registry-push").provider).toBe("gitlab");
  });

  it("stops before anything is made when the configuration is wrong", async () => {
    const engine = await install({ "gatsby-site:registry": "https://host:5050/" });

    await expect(start()).rejects.toThrow(/^The configuration of stack `dev` has 2 problems:/);
    expect(engine.tree()).toEqual([]);
  });
});

describe("a preview after a page was edited", () => {
  const preview = {
    preview: true,
    deployed: true,
    computed: { "docker-build:index:Image": () => ({ digest: "" }) },
  };

  it("shows the image as unknown, not as one without digest", async () => {
    const { engine, outputs } = await run({}, preview);

    const { inputs } = engine.find("gatsby-site", "kubernetes:apps/v1:Deployment");
    expect(inputs.spec).toMatchObject({
      template: { spec: { containers: [{ image: unknown }] } },
    });
    const known = async (name: string) =>
      (outputs[name] as unknown as { isKnown: Promise<boolean> }).isKnown;
    expect(await known("digest")).toBe(false);
    expect(await known("image")).toBe(false);
    expect(await known("url")).toBe(true);
  });
});
