import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { computeTokenSlot, computeTokenWindow } from "../components/tokenWindow";
import type * as support from "./support/engine";
import {
  type Answers,
  type Computed,
  type FakeEngine,
  promiseOf,
  type Stacks,
  tokenOf,
  unknown,
} from "./support/engine";
import { leavePipeline } from "./support/pipeline";
import { FakeRegistry } from "./support/registry";

const image = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"d".repeat(64)}`;
const config = {
  "gatsby-site:project": "web/gatsby-site",
  "gatsby-site:registry": "gitlab.example.com:5050",
};

// Each run loads the program and the SDKs anew, which takes seconds on a busy machine.
jest.setTimeout(60_000);

let site: string;
const home = process.cwd();

beforeAll(() => {
  // Paths in the configuration are relative to the program: so here is one with the smallest site.
  site = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-program-"));
  fs.mkdirSync(path.join(site, "site"));
  fs.writeFileSync(path.join(site, "site", "Dockerfile"), "FROM scratch\n");
  process.chdir(site);
  // Each copy of the modules listens for the end of the process.
  process.setMaxListeners(0);
  process.env.GITLAB_TOKEN = "glpat-of-the-person";
  delete process.env.KUBECONFIG;
  delete process.env.NODE_EXTRA_CA_CERTS;
});

beforeEach(leavePipeline);

afterAll(() => {
  process.chdir(home);
  fs.rmSync(site, { recursive: true });
});

type Outputs = Record<string, pulumi.Output<unknown>>;

interface Options {
  preview?: boolean;
  computed?: Computed;
  functions?: Answers;
  stack?: string;
  stacks?: Stacks;
}

/** A fresh engine. The program gets fresh modules too, so the engine must be of the same copies. */
async function install(
  values: Record<string, string>,
  options: Options = {},
  secrets: string[] = [],
): Promise<FakeEngine> {
  jest.resetModules();
  const { FakeEngine: Engine } = jest.requireActual<typeof support>("./support/engine");
  const { runtime } = jest.requireActual<typeof pulumi>("@pulumi/pulumi");
  const engine = await Engine.install(options);
  runtime.setAllConfig(values, secrets);
  return engine;
}

function start(): Promise<Outputs> {
  return jest.requireActual<() => Promise<Outputs>>("../index")();
}

/** Runs index.ts as Pulumi would. */
async function run(
  values: Record<string, string> = {},
  options: Options = {},
): Promise<{ engine: FakeEngine; outputs: Outputs }> {
  const engine = await install({ ...config, ...values }, options);
  const outputs = await start();
  await engine.settle();
  return { engine, outputs };
}

/** The values that the program's outputs end with. */
async function valuesOf(outputs: Outputs): Promise<Record<string, unknown>> {
  const entries = Object.entries(outputs).map(async ([name, output]) => [
    name,
    await promiseOf(output),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
}

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
    const slot = computeTokenSlot(computeTokenWindow(new Date(), 60, "gatsby-site/dev"), 0);
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
      tier: "development",
      previousDigest: "",
      previousCommit: "",
      previousVersion: "",
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
    expect(engine.tree().join()).not.toContain("DeployToken");
    expect(engine.clearText() + JSON.stringify(await valuesOf(outputs))).not.toMatch(/gldt-/);
  });

  it("tells of a rotation by what the last update left in use", async () => {
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
      expect.stringMatching(/^rotation due: The pull token ended at 2020-01-31T00:00:00Z/),
    ]);
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

describe("a preview after a page was edited", () => {
  const preview = {
    preview: true,
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
