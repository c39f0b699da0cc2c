import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { loadConfig } from "../../config/config";
import { findConfigProblems } from "../../config/problems";
import { keys, schema } from "../../config/schema";
import { createCertificate } from "../support/certificates";
import { FakeEngine, promiseOf } from "../support/engine";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const env = { GITLAB_TOKEN: "glpat-1" };
const name = "organization/gatsby-site/dev";

const home = process.cwd();
let folder: string;

beforeAll(async () => {
  // Paths in the configuration are relative to the program.
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-config-"));
  const authority = { commonName: "Example Root", isAuthority: true };
  const server = { commonName: "other.example.com", hosts: ["other.example.com"] };
  fs.writeFileSync(path.join(folder, "ca.pem"), await createCertificate(authority));
  fs.writeFileSync(path.join(folder, "server.pem"), await createCertificate(server));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  fs.rmSync(folder, { recursive: true });
});

/** What is found wrong with these values, beside a project that is right. */
function problems(
  given: Record<string, string>,
  secrets: string[] = [],
  environment: NodeJS.ProcessEnv = env,
): string[] {
  const own = Object.entries({ project: "web/site", ...given });
  const values = Object.fromEntries(
    own.map(([key, value]) => [key.includes(":") ? key : `gatsby-site:${key}`, value]),
  );
  return findConfigProblems("gatsby-site", { name, values, secrets }, environment);
}

/** The whole text of one problem. */
function problem(text: string, command: string): string[] {
  return [`  - ${text}\n      ${command}`];
}

describe("findConfigProblems", () => {
  it("accepts every key with a value that is right", () => {
    const right = {
      project: "web/sites/Gatsby_site.1",
      group: "web/sites",
      registry: "gitlab.example.com:5050",
      imageName: "site/docs",
      release: "promote",
      promoteFrom: "organization/gatsby-site/staging",
      skipStaging: "true",
      digest,
      siteDirectory: "apps/site",
      dockerfile: "docker/site.Dockerfile",
      buildArgs: JSON.stringify({ NODE_IMAGE: "node:24", _x: "" }),
      outputDirectory: "apps/dist",
      buildSecrets: JSON.stringify({ NPM_TOKEN: "npm-1" }),
      target: "web",
      platforms: "linux/amd64, linux/arm64",
      builder: "buildkit",
      cache: "false",
      sizeBudgetMiB: "60",
      tier: "production",
      tags: "commit,version",
      replaceVersion: `v1.2.3@${digest}`,
      namespace: "web",
      host: "www.example.com",
      tlsSecret: "www.tls",
      ingressClass: "nginx",
      replicas: "1",
      resources: JSON.stringify({ requests: { cpu: "0.5", memory: "64Mi" }, limits: { cpu: 1 } }),
      containerPort: "80",
      publicConfig: JSON.stringify({ notice: "Hello", features: { search: true } }),
      pullSecret: "never",
      pullSecretName: "other",
      pullSecretServiceAccounts: "default, builder",
      rotateEveryDays: "30",
      warnDays: "7",
      rotation: "2",
      credentials: '{"push":{"username":"gitlab-ci-token","passwordFrom":"CI_REGISTRY_PASSWORD"}}',
      caCertificate: "ca.pem",
      cleanupPolicy: JSON.stringify({
        enabled: false,
        cadence: "3month",
        keepN: 10,
        olderThan: "",
      }),
      email: "web@example.com",
    };

    expect(Object.keys(right).sort()).toEqual([...keys].sort());
    const trusting = { SSL_CERT_FILE: "ca.pem", NODE_EXTRA_CA_CERTS: "ca.pem" };
    const environment = { ...env, ...trusting, CI_REGISTRY_PASSWORD: "x" };
    expect(problems(right, ["gatsby-site:buildSecrets"], environment)).toEqual([]);
  });

  it("accepts empty text as nothing, and keys of others", () => {
    expect(
      problems({ group: "", replicas: "", "gitlab:baseUrl": "https://x/", "aws:a": "b" }),
    ).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      "project",
      "",
      "is missing. It is the path of the site's project in GitLab.",
      "project group/project",
    ],
    [
      "project",
      "42",
      'is "42", a number. Images are named after the project\'s path: use that.',
      "project group/project",
    ],
    [
      "project",
      "site",
      'is "site", which is not a path such as "group/project".',
      "project group/project",
    ],
    [
      "project",
      "https://gitlab.example.com/web/site",
      'is "https://gitlab.example.com/web/site", which is not a path such as "group/project".',
      "project group/project",
    ],
    [
      "registry",
      "https://host:5050/",
      'is "https://host:5050/". Images name a registry without "https://": leave it out.',
      "registry gitlab.example.com:5050",
    ],
    [
      "registry",
      "host:5050/web",
      'is "host:5050/web". It is a host and a port: leave out what begins with "/".',
      "registry gitlab.example.com:5050",
    ],
    [
      "registry",
      "host:70000",
      'is "host:70000", which is not a host with an optional port.',
      "registry gitlab.example.com:5050",
    ],
    [
      "registry",
      "-host",
      'is "-host", which is not a host with an optional port.',
      "registry gitlab.example.com:5050",
    ],
    [
      "imageName",
      "Site",
      'is "Site", which is not an image name: lower-case letters and digits, with `.`, `_`, `-` or `/` in between.',
      "imageName site",
    ],
    [
      "digest",
      "latest",
      'is "latest", which is not a digest: "sha256:" and 64 hexadecimal digits.',
      "digest sha256:<64 hexadecimal digits>",
    ],
    [
      "siteDirectory",
      "/srv/site",
      'is "/srv/site". Use a path with "/", relative to the folder of Pulumi.yaml.',
      "siteDirectory site",
    ],
    [
      "siteDirectory",
      "C:\\site",
      'is "C:\\site". Use a path with "/", relative to the folder of Pulumi.yaml.',
      "siteDirectory site",
    ],
    [
      "dockerfile",
      "../Dockerfile",
      'is "../Dockerfile", which leads out of the folder of Pulumi.yaml.',
      "dockerfile site/Dockerfile",
    ],
    [
      "buildArgs",
      "[]",
      "is not an object of names and texts.",
      "--path 'buildArgs.NODE_IMAGE' <image>",
    ],
    [
      "buildArgs",
      '{"A-B":"1"}',
      'has "A-B", which is not a build argument\'s name.',
      "--path 'buildArgs.NODE_IMAGE' <image>",
    ],
    [
      "buildArgs",
      '{"A":1}',
      "has `A`, which is not text. Put it in quotes.",
      "--path 'buildArgs.NODE_IMAGE' <image>",
    ],
    [
      "imageName",
      "a/b/c",
      'is "a/b/c". GitLab has at most 2 names below a project\'s own.',
      "imageName site",
    ],
    [
      "outputDirectory",
      "/dist",
      'is "/dist". Use a path with "/", relative to the site\'s folder.',
      "outputDirectory public",
    ],
    [
      "outputDirectory",
      "../dist",
      'is "../dist", which leads out of the site\'s folder.',
      "outputDirectory public",
    ],
    [
      "target",
      "web site",
      'is "web site", which is not a stage of a Dockerfile: a letter, then letters, digits, `_`, `.` and `-`.',
      "target web",
    ],
    [
      "platforms",
      "linux/amd64,amd64",
      'has "amd64", which is not "linux/amd64", "linux/arm64", "linux/arm", "linux/386", "linux/ppc64le", "linux/riscv64" or "linux/s390x".',
      "platforms linux/amd64,linux/arm64",
    ],
    ["cache", "on", 'is "on", which is not "true" or "false".', "cache true"],
    [
      "sizeBudgetMiB",
      "1.5",
      'is "1.5", which is not a whole number from 0 to 100000.',
      "sizeBudgetMiB 100",
    ],
    ["release", "copy", 'is "copy", which is not "build" or "promote".', "release promote"],
    ["skipStaging", "yes", 'is "yes", which is not "true" or "false".', "skipStaging true"],
    [
      "publicConfig",
      '["notice"]',
      "is not an object of names and values.",
      "--path 'publicConfig.notice' <text>",
    ],
    [
      "publicConfig",
      JSON.stringify({ notice: "x".repeat(921_600) }),
      "has 921613 bytes. It is kept in a ConfigMap: at most 921600.",
      "--path 'publicConfig.notice' <text>",
    ],
    [
      "tier",
      "prod",
      'is "prod", which is not "development", "staging" or "production".',
      "tier production",
    ],
    [
      "tags",
      "branch,none",
      'has "none", which is not "branch", "commit", "version", "environment" or "latest".',
      "tags branch,commit,version,environment",
    ],
    [
      "replaceVersion",
      "v1.2.3",
      'is "v1.2.3", which is not a version and the digest that it may be taken from.',
      "replaceVersion v1.2.3@sha256:<64 hexadecimal digits>",
    ],
    ["builder", "kaniko", 'is "kaniko", which is not "buildkit" or "engine".', "builder buildkit"],
    [
      "namespace",
      "My_site",
      'is "My_site", which is not a namespace: lower-case letters, digits and `-`.',
      "namespace web",
    ],
    [
      "host",
      "https://example.com",
      'is "https://example.com", which is not a host name without scheme, port and path.',
      "host www.example.com",
    ],
    ["replicas", "-1", 'is "-1", which is not a whole number from 1 to 1000.', "replicas 2"],
    ["replicas", "many", 'is "many", which is not a whole number from 1 to 1000.', "replicas 2"],
    [
      "containerPort",
      "65536",
      'is "65536", which is not a whole number from 1 to 65535.',
      "containerPort 8080",
    ],
    [
      "resources",
      "small",
      "is not an object with `requests` and `limits`.",
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "resources",
      '{"cpu":"1"}',
      'has "cpu". It may have `requests` and `limits`.',
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "resources",
      '{"limits":"1"}',
      'has `limits`, which is not an object such as { cpu: "100m", memory: "64Mi" }.',
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "resources",
      '{"limits":{"memory":"64 MB"}}',
      'has `limits.memory`, which is not an amount such as "100m" or "64Mi".',
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "pullSecretName",
      "Pull",
      'is "Pull", which is not a secret\'s name: lower-case letters, digits, `-` and `.`.',
      "pullSecretName gitlab-registry",
    ],
    [
      "pullSecret",
      "yes",
      'is "yes", which is not "auto", "always" or "never".',
      "pullSecret always",
    ],
    [
      "pullSecretServiceAccounts",
      "default,My account",
      'has "My account", which is not a service account\'s name: lower-case letters, digits, `-` and `.`.',
      "pullSecretServiceAccounts default",
    ],
    [
      "rotateEveryDays",
      "0",
      'is "0", which is not a whole number from 1 to 365.',
      "rotateEveryDays 60",
    ],
    ["warnDays", "soon", 'is "soon", which is not a whole number from 0 to 365.', "warnDays 14"],
    ["rotation", "-1", 'is "-1", which is not a whole number from 0 to 1000000.', "rotation 1"],
    [
      "credentials",
      '{"pull":1}',
      "has `pull`, which is not an object with `username` and `password` or `passwordFrom`.",
      "--path 'credentials.pull.username' <name>",
    ],
    [
      "caCertificate",
      "missing.pem",
      'is "missing.pem", a file that is not there.',
      "caCertificate ca.pem",
    ],
    ["email", "web", 'is "web", which is not an e-mail address.', "email web@example.com"],
  ])("refuses `%s` %j", (key, value, text, example) => {
    expect(problems({ [key]: value })).toEqual(
      problem(`\`${key}\` ${text}`, `pulumi config set ${example}`),
    );
  });

  it.each([
    ["tlsSecret", "WWW", "www-tls", "a secret's name"],
    ["ingressClass", "NGINX", "nginx", "an Ingress class"],
  ])("refuses `%s` that is no name", (key, value, example, shape) => {
    const text = `\`${key}\` is "${value}", which is not ${shape}: lower-case letters, digits, \`-\` and \`.\`.`;
    expect(problems({ host: "www.example.com", [key]: value })).toEqual(
      problem(text, `pulumi config set ${key} ${example}`),
    );
  });

  it.each([
    ["replica", "Did you mean `replicas`?"],
    ["HOST", "Did you mean `host`?"],
    ["sitedirectry", "Did you mean `siteDirectory`?"],
    ["colour", "See Pulumi.yaml for those that are."],
    ["toString", "See Pulumi.yaml for those that are."],
  ])("refuses the unknown key `%s`", (key, hint) => {
    expect(problems({ [key]: "1" })).toEqual(
      problem(`\`${key}\` is not a key of this program. ${hint}`, `pulumi config rm ${key}`),
    );
  });

  it.each(["tlsSecret", "ingressClass"])("refuses `%s` without a host", (key) => {
    expect(problems({ [key]: "nginx" })).toEqual(
      problem(
        `\`${key}\` has no effect without \`host\`: no Ingress is made.`,
        "pulumi config set host www.example.com",
      ),
    );
  });

  it("refuses a group whose tokens would not open the project's registry", () => {
    expect(problems({ project: "web/sites/one", group: "we" })).toEqual(
      problem(
        "`group` is not above `project`: its deploy tokens would not open the project's registry.",
        "pulumi config set group web/sites",
      ),
    );
    expect(problems({ project: "web/sites/one", group: "web" })).toEqual([]);
    expect(problems({ project: "web/sites/one", group: "42" })).toEqual([]);
  });

  it("refuses to take a value for a secret that is none, and doesn't print it", () => {
    expect(problems({ group: "s3cret value" }, ["gatsby-site:group"])).toEqual(
      problem(
        "`group` is stored as a secret, but its value is readable in the image or the cluster. Store it in clear, and nothing secret in it.",
        "pulumi config set --plaintext group group",
      ),
    );
    expect(
      problems({ project: "s3cret/x", group: "web" }, ["gatsby-site:project"]).join(),
    ).not.toContain("s3cret");
  });

  it.each([
    ["[]", "is not an object of names and texts."],
    ['{"A B":"s3cret"}', 'has "A B", which is not a secret\'s name.'],
    ['{"NPM_TOKEN":42}', "has `NPM_TOKEN`, which is not text. Put it in quotes."],
    [
      '{"ca":"s3cret"}',
      "has `ca`, the name of the certificates that downloads trust. Use another.",
    ],
  ])("refuses build secrets that are %s, and prints no value", (value, text) => {
    expect(problems({ buildSecrets: value }, ["gatsby-site:buildSecrets"])).toEqual(
      problem(
        `\`buildSecrets\` ${text}`,
        "pulumi config set --secret --path 'buildSecrets.NPM_TOKEN'",
      ),
    );
  });

  it("refuses build secrets in clear, and doesn't print them", () => {
    expect(problems({ buildSecrets: '{"NPM_TOKEN":"s3cret"}' })).toEqual(
      problem(
        "`buildSecrets` is stored in clear. Renew what it holds, and store that as a secret.",
        "pulumi config set --secret --path 'buildSecrets.NPM_TOKEN'",
      ),
    );
    expect(problems({ buildSecrets: "{}" })).toEqual([]);
  });

  it.each([
    ["latest", "none"],
    ["latest,commit", "commit"],
  ])("refuses the tags %s in production", (tags, others) => {
    const production = { tier: "production", release: "promote", promoteFrom: "staging" };
    expect(problems({ ...production, tags })).toEqual(
      problem(
        '`tags` has "latest", which no stack of `tier` "production" moves.',
        `pulumi config set tags ${others}`,
      ),
    );
    expect(problems({ tier: "staging", tags })).toEqual([]);
  });

  it("refuses a stack's name of two parts, which backends read in two ways", () => {
    expect(problems({ release: "promote", promoteFrom: "gatsby-site/staging" })).toEqual(
      problem(
        '`promoteFrom` is "gatsby-site/staging", which is not a stack\'s name, "stack" or "organization/project/stack".',
        "pulumi config set promoteFrom staging",
      ),
    );
  });

  it("refuses to promote from nowhere", () => {
    expect(problems({ release: "promote" })).toEqual(
      problem(
        '`promoteFrom` is missing. With `release` "promote" it is the stack that the release is taken from.',
        "pulumi config set promoteFrom staging",
      ),
    );
  });

  it("refuses a stack to promote from beside a build", () => {
    expect(problems({ promoteFrom: "staging" })).toEqual(
      problem(
        '`promoteFrom` has no effect with `release` "build": this stack builds its own.',
        "pulumi config set release promote",
      ),
    );
  });

  it.each(["dev", name])("refuses to promote from the stack itself, %s", (promoteFrom) => {
    expect(problems({ release: "promote", promoteFrom })).toEqual(
      problem(
        `\`promoteFrom\` is "${promoteFrom}", this stack itself. Name the stack that runs the release before it does.`,
        "pulumi config set promoteFrom staging",
      ),
    );
  });

  it("accepts a stack of another project that has the same name", () => {
    expect(problems({ release: "promote", promoteFrom: "organization/other/dev" })).toEqual([]);
  });

  it("refuses a production that builds, unless it may skip staging or is pinned", () => {
    expect(problems({ tier: "production" })).toEqual(
      problem(
        '`release` is "build", but a stack of `tier` "production" takes only what a staging stack runs. Promote from there, or let it skip staging: `pulumi config set skipStaging true`.',
        "pulumi config set release promote",
      ),
    );
    expect(problems({ tier: "production", skipStaging: "true" })).toEqual([]);
    expect(problems({ tier: "production", digest })).toEqual([]);
  });

  it("refuses to let a stack skip staging that never waits for it", () => {
    expect(problems({ tier: "staging", skipStaging: "true" })).toEqual(
      problem(
        '`skipStaging` has no effect with `tier` "staging": only production waits for staging.',
        "pulumi config rm skipStaging",
      ),
    );
  });

  it("refuses by name all that the Docker engine can't do", () => {
    const demands = {
      builder: "engine",
      buildSecrets: '{"NPM_TOKEN":"s3cret"}',
      platforms: "linux/arm64,linux/amd64",
      tags: "branch",
    };
    expect(problems(demands, ["gatsby-site:buildSecrets"])).toEqual([
      ...problem(
        '`buildSecrets` can\'t be what it is with `builder` "engine", which can\'t hand "NPM_TOKEN" to a build.',
        "pulumi config rm buildSecrets",
      ),
      ...problem(
        '`cache` can\'t be what it is with `builder` "engine", which keeps no layers in the registry.',
        "pulumi config set cache false",
      ),
      ...problem(
        '`platforms` can\'t be what it is with `builder` "engine", which builds for one platform, not for "linux/arm64" and "linux/amd64".',
        "pulumi config set platforms linux/arm64",
      ),
      ...problem(
        '`tags` can\'t be what it is with `builder` "engine", which pushes no index that tags for "branch" could be made over.',
        "pulumi config set tags none",
      ),
    ]);
    const able = { builder: "engine", cache: "false", tags: "none", platforms: "linux/arm64" };
    expect(problems(able)).toEqual([]);
  });

  it("refuses a warning that comes before a token is due", () => {
    expect(problems({ rotateEveryDays: "10" })).toEqual(
      problem(
        "`warnDays` is 14, more than `rotateEveryDays` (10): it would warn of tokens that are not due yet.",
        "pulumi config set warnDays 2",
      ),
    );
  });

  it("takes credentials that are stored as secrets, and shows nothing of them", () => {
    const stored = ["gatsby-site:credentials"];
    const credentials = (password: unknown) =>
      JSON.stringify({ pull: { username: "reader", password } });

    expect(problems({ credentials: credentials("s3cret") }, stored)).toEqual([]);
    expect(problems({ credentials: credentials("s3cret") }).join()).toMatch(/in clear/);
    expect(problems({ credentials: credentials(["s3cret"]) }, stored).join()).not.toMatch(/s3cret/);
  });

  it("stops where other programs don't trust the CA, with the line to run", () => {
    expect(problems({ caCertificate: "ca.pem" })).toEqual(
      problem(
        "`caCertificate` is not trusted by the programs that build and push: that is up to `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`, which this program can't set.",
        'eval "$(npx slipway env)"',
      ),
    );
  });

  it("stops where the CA is that of another host", () => {
    expect(
      problems({
        caCertificate: "server.pem",
        "gitlab:baseUrl": "https://gitlab.example.com/api/v4/",
      }),
    ).toEqual(
      problem(
        '`caCertificate` holds the certificate of "other.example.com", which is no CA, and not the certificate of GitLab\'s host "gitlab.example.com".',
        "pulumi config set caCertificate ca.pem",
      ),
    );
  });

  it("refuses a GitLab token in clear, and doesn't print it", () => {
    expect(problems({ "gitlab:token": "glpat-2" })).toEqual(
      problem(
        "`gitlab:token` is stored in clear. Revoke that token, and store a new one as a secret.",
        "pulumi config set --secret gitlab:token",
      ),
    );
    expect(problems({ "gitlab:token": "glpat-2" }, ["gitlab:token"])).toEqual([]);
  });

  it("asks for a GitLab token, in any of the provider's ways", () => {
    const withoutToken = (values: Record<string, string>) =>
      findConfigProblems(
        "gatsby-site",
        {
          name,
          values: { "gatsby-site:project": "web/site", ...values },
          secrets: ["gitlab:token"],
        },
        {},
      );

    expect(withoutToken({})).toEqual(
      problem(
        "`GITLAB_TOKEN` is not set. It is an access token of scope `api`, of a Maintainer of the project (Owner of `group`, if that is set).",
        "export GITLAB_TOKEN=<token>",
      ),
    );
    expect(withoutToken({ "gitlab:token": "glpat-2" })).toEqual([]);
    expect(withoutToken({ "gitlab:configFile": "glab.yml" })).toEqual([]);
    expect(withoutToken({ "gitlab:enableAutoCiSupport": "true" })).toEqual([]);
    // Nothing is asked of GitLab's API.
    const push = { username: "writer", passwordFrom: "HOME" };
    const credentials = JSON.stringify({ push, pull: push });
    const asksNobody = findConfigProblems(
      "gatsby-site",
      {
        name,
        values: { "gatsby-site:project": "web/site", "gatsby-site:credentials": credentials },
        secrets: [],
      },
      { HOME: "x" },
    );
    expect(asksNobody).toEqual([]);
  });
});

describe("loadConfig", () => {
  beforeEach(async () => {
    await FakeEngine.install();
  });

  it("fills in the defaults", () => {
    pulumi.runtime.setAllConfig({ "gatsby-site:project": "web/Gatsby-Site" });

    expect(loadConfig(env)).toEqual({
      project: "web/Gatsby-Site",
      registry: "registry.gitlab.com",
      repository: "registry.gitlab.com/web/gatsby-site",
      tier: "development",
      release: "build",
      skipStaging: false,
      publicConfig: {},
      siteDirectory: "site",
      outputDirectory: "public",
      buildArgs: {},
      buildSecrets: {},
      platforms: [],
      builder: "buildkit",
      cache: "registry.gitlab.com/web/gatsby-site/cache:layers",
      tags: ["branch", "commit", "version", "environment"],
      replicas: 2,
      containerPort: 8080,
      pullSecret: "auto",
      pullSecretServiceAccounts: [],
      rotateEveryDays: 60,
      warnDays: 14,
      rotation: 0,
      credentials: {},
      gitlab: {},
      now: expect.any(Date) as Date,
      cluster: { clusterIdentifier: pulumi.getStack() },
    });
  });

  it("reads what is configured, the cluster included", () => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/site",
      "gatsby-site:registry": "gitlab.example.com:5050",
      "gatsby-site:imageName": "docs",
      "gatsby-site:digest": digest,
      "gatsby-site:replicas": "3",
      "gatsby-site:buildArgs": '{"NODE_IMAGE":"node:24"}',
      "gatsby-site:resources": '{"limits":{"cpu":"1"}}',
      "kubernetes:context": "production",
    });

    expect(loadConfig(env)).toMatchObject({
      repository: "gitlab.example.com:5050/web/site/docs",
      digest,
      replicas: 3,
      buildArgs: { NODE_IMAGE: "node:24" },
      resources: { limits: { cpu: "1" } },
      cluster: { clusterIdentifier: "production", context: "production" },
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
      outputDirectory: "dist",
      target: "web",
      platforms: ["linux/amd64", "linux/arm64"],
      sizeBudgetMiB: 60,
      tier: "staging",
      tags: ["commit"],
      replaceVersion: `v1.2.3@${digest}`,
    });
    expect(loaded.cache).toBeUndefined();
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
    expect(loadConfig(env).cache).toBe(`registry.gitlab.com/${expected}`);
  });

  it("makes no tags where none are wanted", () => {
    pulumi.runtime.setAllConfig({
      "gatsby-site:project": "web/site",
      "gatsby-site:tags": "none",
    });
    expect(loadConfig(env).tags).toEqual([]);
  });

  it("keeps build secrets secret", async () => {
    pulumi.runtime.setAllConfig(
      {
        "gatsby-site:project": "web/site",
        "gatsby-site:buildSecrets": '{"NPM_TOKEN":"npm-1"}',
      },
      ["gatsby-site:buildSecrets"],
    );
    const { buildSecrets } = loadConfig(env);

    expect(await pulumi.isSecret(buildSecrets.NPM_TOKEN)).toBe(true);
    expect(await promiseOf(buildSecrets.NPM_TOKEN)).toBe("npm-1");
  });

  it("reaches GitLab as `gitlab:*` says, and by the CA", async () => {
    pulumi.runtime.setAllConfig(
      {
        "gatsby-site:project": "web/site",
        "gatsby-site:caCertificate": "ca.pem",
        "gitlab:baseUrl": "https://gitlab.example.com/api/v4/",
        "gitlab:token": "glpat-2",
        "gitlab:retries": "3",
        "gitlab:insecure": "false",
        "gitlab:headers": '{"X-Team":"web"}',
      },
      ["gitlab:token"],
    );
    const trusting = { SSL_CERT_FILE: "ca.pem", NODE_EXTRA_CA_CERTS: "ca.pem" };
    const { token, ...rest } = loadConfig({ ...env, ...trusting }).gitlab;

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
    const { now } = loadConfig({ ...env, SLIPWAY_CLOCK_OFFSET_SECONDS: String((30 * day) / 1000) });

    expect(now.getTime() - Date.now()).toBeGreaterThan(29 * day);
    expect(now.getTime() - Date.now()).toBeLessThanOrEqual(30 * day);
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
  - \`email\` is stored as a secret, but its value is readable in the image or the cluster. Store it in clear, and nothing secret in it.
      pulumi config set --plaintext email web@example.com
  - \`project\` is missing. It is the path of the site's project in GitLab.
      pulumi config set project group/project
  - \`registry\` is "https://host:5050/". Images name a registry without "https://": leave it out.
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

describe("Pulumi.yaml", () => {
  interface Declaration {
    type: string;
    description: string;
    default: unknown;
  }
  const project = parse(fs.readFileSync(path.join(home, "Pulumi.yaml"), "utf8")) as {
    name: string;
    config: Record<string, Declaration>;
  };

  it("declares every key with its type, a description and the program's default", () => {
    const declared = Object.entries(project.config).map(
      ([key, { default: value, description }]) => {
        expect(description).not.toBe("");
        return [key, typeof value === "string" ? value : JSON.stringify(value)];
      },
    );
    const expected = keys.map((key) => [key, schema[key].default]);

    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(expected));
  });

  it("says a type that the default has", () => {
    const types = {
      boolean: "boolean",
      number: "integer",
      object: "object",
      string: "string",
    };
    for (const { default: value, type } of Object.values(project.config)) {
      expect(type).toBe(types[typeof value as keyof typeof types]);
    }
  });

  it.each(["dev", "staging", "prod"])("comes with a stack %s that is right", (stack) => {
    const { config } = parse(fs.readFileSync(path.join(home, `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Record<string, unknown>;
    };
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const full = `organization/${project.name}/${stack}`;
    const configured = { name: full, values, secrets: [] };
    expect(findConfigProblems(project.name, configured, env)).toEqual([]);
  });
});
