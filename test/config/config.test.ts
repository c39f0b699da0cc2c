import * as pulumi from "@pulumi/pulumi";

import { loadConfig } from "../../config/config";
import { FakeEngine, promiseOf } from "../support/engine";
import { digest, env, inFolderWithCertificates } from "../support/stackConfig";

inFolderWithCertificates();

const pull = { username: "reader", password: "gldt-reader" };
const push = { username: "writer", password: "gldt-writer" };
const nodes = { "gatsby-site:pullSecret": "nodes" };

describe("loadConfig", () => {
  beforeEach(async () => {
    await FakeEngine.install();
  });

  it.each([
    ["its tokens are GitLab's", {}, {}, true],
    ["GitLab says who may pull", { push }, { "gatsby-site:pullSecret": "never" }, true],
    ["the nodes can pull, and the push token exists", { push }, nodes, false],
    ["both credentials exist", { pull, push }, {}, false],
  ])("has a GitLab provider where there is a use for it: %s", (_, credentials, keys, has) => {
    pulumi.runtime.setAllConfig(
      {
        "gatsby-site:project": "web/site",
        "gatsby-site:credentials": JSON.stringify(credentials),
        ...keys,
      },
      ["gatsby-site:credentials"],
    );
    expect(loadConfig(env).gitlab !== undefined).toBe(has);
  });

  it("fills in the defaults", () => {
    pulumi.runtime.setAllConfig({ "gatsby-site:project": "web/Gatsby-Site" });

    const registry = "registry.gitlab.com";
    expect(loadConfig(env)).toEqual({
      tier: "development",
      gitlab: {},
      cluster: {},
      repository: `${registry}/web/gatsby-site`,
      pullAccess: { project: "web/Gatsby-Site", mode: "auto", existing: {} },
      access: {
        project: "web/Gatsby-Site",
        existing: {},
        rotateEveryDays: 60,
        warnDays: 14,
        rotation: 0,
        now: expect.any(Date) as Date,
      },
      release: {
        stack: "dev",
        repository: `${registry}/web/gatsby-site`,
        skipStaging: false,
        allowDirty: false,
        tier: "development",
      },
      image: {
        allowDirty: true,
        directory: "site",
        outputDirectory: "public",
        buildArgs: {},
        buildSecrets: {},
        platforms: [],
        builder: "buildkit",
        cache: `${registry}/web/gatsby-site/cache:layers`,
        skipServerPages: false,
        isServerChecked: true,
      },
      previous: { stack: "dev", isTagged: true, keepReleases: 0 },
      tags: {
        stack: "dev",
        kinds: ["branch", "commit", "version", "environment"],
        isProduction: false,
      },
      pullSecret: { registry, serviceAccounts: [], cluster: {} },
      site: {
        replicas: 2,
        progressDeadlineSeconds: 300,
        revisionHistoryLimit: 3,
        containerPort: 8080,
        webServer: "slipway",
        readinessPath: "/",
        userId: 10001,
        writablePaths: [],
        keepReleases: 0,
        environment: { basicAuth: {}, publicConfig: {}, isIndexed: false, hstsMaxAge: 0 },
      },
    });
  });

  it("reads what is configured, the cluster included", () => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/site",
      "gatsby-site:registry": "gitlab.example.com:5050",
      "gatsby-site:imageName": "docs",
      "gatsby-site:digest": digest,
      "gatsby-site:pathPrefix": "/docs",
      "gatsby-site:replicas": "3",
      "gatsby-site:buildArgs": '{"NODE_IMAGE":"node:24"}',
      "gatsby-site:resources": '{"limits":{"cpu":"1"}}',
      "kubernetes:context": "production",
    });

    expect(loadConfig(env)).toMatchObject({
      repository: "gitlab.example.com:5050/web/site/docs",
      release: { digest },
      image: { buildArgs: { NODE_IMAGE: "node:24" }, pathPrefix: "/docs" },
      site: { pathPrefix: "/docs", replicas: 3, resources: { limits: { cpu: "1" } } },
      cluster: { context: "production" },
    });
  });

  it("reads how the image is built and tagged", () => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/site",
      "gatsby-site:outputDirectory": "dist",
      "gatsby-site:target": "web",
      "gatsby-site:platforms": "linux/amd64, linux/arm64",
      "gatsby-site:cache": "false",
      "gatsby-site:sizeBudgetMiB": "60",
      "gatsby-site:tier": "staging",
      "gatsby-site:tags": "commit",
      "gatsby-site:replaceVersion": `v1.2.3@${digest}`,
    });
    const loaded = loadConfig(env);

    expect(loaded).toMatchObject({
      image: {
        outputDirectory: "dist",
        target: "web",
        platforms: ["linux/amd64", "linux/arm64"],
        sizeBudgetMiB: 60,
      },
      tier: "staging",
      tags: { kinds: ["commit"], isProduction: false },
      previous: { isTagged: false },
      replaceVersion: `v1.2.3@${digest}`,
    });
    expect(loaded.image.cache).toBeUndefined();
  });

  it.each([
    ["", "web/site/cache:layers"],
    ["docs", "web/site/docs/cache:layers"],
    // GitLab has no third level.
    ["docs/v2", "web/site/docs/v2:cache"],
  ])("keeps the layers of image name %j in %s", (imageName, expected) => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/site",
      "gatsby-site:imageName": imageName,
    });
    expect(loadConfig(env).image.cache).toBe(`registry.gitlab.com/${expected}`);
  });

  it("makes no tags where none are wanted", () => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/site",
      "gatsby-site:tags": "none",
    });
    expect(loadConfig(env).tags.kinds).toEqual([]);
  });

  it("keeps build secrets secret", async () => {
    pulumi.runtime.setAllConfig(
      {
        "gatsby-site:project": "web/site",
        "gatsby-site:buildSecrets": '{"NPM_TOKEN":"npm-1"}',
      },
      ["gatsby-site:buildSecrets"],
    );
    const { buildSecrets } = loadConfig(env).image;

    expect(await pulumi.isSecret(buildSecrets.NPM_TOKEN)).toBe(true);
    expect(await promiseOf(buildSecrets.NPM_TOKEN)).toBe("npm-1");
  });

  it("reaches GitLab as `gitlab:*` says, and by the CA", async () => {
    pulumi.runtime.setAllConfig(
      {
        "gatsby-site:project": "web/site",
        "gatsby-site:caCertificate": "ca.pem",
        "gatsby-site:registry": "gitlab.example.com:5050",
        "gitlab:baseUrl": "https://gitlab.example.com/api/v4/",
        "gitlab:token": "glpat-2",
        "gitlab:retries": "3",
        "gitlab:insecure": "false",
        "gitlab:headers": '{"X-Team":"web"}',
      },
      ["gitlab:token"],
    );
    const trusting = { SSL_CERT_FILE: "ca.pem", NODE_EXTRA_CA_CERTS: "ca.pem" };
    const { token, ...rest } = loadConfig({ ...env, ...trusting }).gitlab ?? {};

    expect(rest).toEqual({
      cacertFile: "ca.pem",
      baseUrl: "https://gitlab.example.com/api/v4/",
      retries: 3,
      insecure: false,
      headers: { "X-Team": "web" },
    });
    expect(await pulumi.isSecret(token as pulumi.Output<string>)).toBe(true);
  });

  it("goes by the clock that the sandbox sets", () => {
    pulumi.runtime.setAllConfig({ "gatsby-site:project": "web/site" });
    const day = 24 * 60 * 60 * 1000;
    const offset = { SLIPWAY_CLOCK_OFFSET_SECONDS: String((30 * day) / 1000) };
    const { now } = loadConfig({ ...env, ...offset }).access;

    expect(now.getTime() - Date.now()).toBeGreaterThan(29 * day);
    expect(now.getTime() - Date.now()).toBeLessThanOrEqual(30 * day);
  });

  it("lowers a registry's host, for the image and its pull secret alike", () => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/Site",
      "gatsby-site:registry": "GitLab.Example.com:5050",
    });
    const { image, pullSecret, release, repository } = loadConfig(env);

    expect(repository).toBe("gitlab.example.com:5050/web/site");
    expect(release.repository).toBe(repository);
    expect(image.cache).toBe(`${repository}/cache:layers`);
    expect(pullSecret.registry).toBe("gitlab.example.com:5050");
  });

  it("keeps a kubeconfig secret", async () => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/site",
      "kubernetes:kubeconfig": "apiVersion: v1",
    });
    const { kubeconfig } = loadConfig(env).cluster;
    expect(await pulumi.isSecret(kubeconfig!)).toBe(true);
  });

  it("can't be changed afterwards", () => {
    pulumi.runtime.setAllConfig({ "gatsby-site:project": "web/site" });
    expect(Object.isFrozen(loadConfig(env))).toBe(true);
  });

  it("throws once, with every problem and its remedy", () => {
    pulumi.runtime.setAllConfig(
      {
        "gatsby-site:registry": "https://host:5050/",
        "gatsby-site:replica": "1",
        "gatsby-site:replicas": "-1",
        "gatsby-site:digest": "latest",
        "gatsby-site:email": "s3cret",
      },
      ["gatsby-site:email"],
    );

    const load = () => loadConfig({});
    expect(load).toThrow(pulumi.RunError);
    expect(load).toThrow(`The configuration of stack \`dev\` has 7 problems:
  - \`replica\` is not a key of this program. Did you mean \`replicas\`?
      pulumi config rm replica
  - \`email\` is stored as a secret, but anyone can read its value in the image or the cluster. Store it in plain text, and put nothing secret in it.
      pulumi config set --plaintext email web@example.com
  - \`project\` is missing. It is the path of the site's project in GitLab.
      pulumi config set project group/project
  - \`registry\` is "https://host:5050/". Images name a registry without "https://".
      pulumi config set registry gitlab.example.com:5050
  - \`digest\` is "latest", which is not a digest: "sha256:" and 64 hexadecimal digits.
      pulumi config set digest sha256:<64 hexadecimal digits>
  - \`replicas\` is "-1", which is not a whole number from 1 to 1000.
      pulumi config set replicas 2
  - \`GITLAB_TOKEN\` is not set. It is an access token of scope \`api\`, of a Maintainer of the project (Owner of \`group\`, if that is set).
      export GITLAB_TOKEN=<token>`);
  });

  it("speaks of one problem in the singular", () => {
    pulumi.runtime.setAllConfig({});
    expect(() => loadConfig(env)).toThrow(/^The configuration of stack `dev` has a problem:\n/);
  });
});
