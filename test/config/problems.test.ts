import * as fs from "node:fs";
import * as path from "node:path";

import { keys } from "../../config/schema";
import {
  checkStack,
  digest,
  env,
  findProblems,
  inFolderWithCertificates,
  problem,
} from "../support/stackConfig";

inFolderWithCertificates();

describe("checkConfig", () => {
  it("accepts every key with a value that is right", () => {
    const right = {
      project: "web/sites/Gatsby_site.1",
      group: "web/sites",
      registry: "gitlab.example.com:5050",
      imageName: "site/docs",
      release: "promote",
      promoteFrom: "organization/gatsby-site/staging",
      skipStaging: "true",
      allowDirty: "true",
      digest,
      siteDirectory: "../apps/site",
      dockerfile: "docker/site.Dockerfile",
      buildArgs: JSON.stringify({ NODE_IMAGE: "node:24", _x: "" }),
      outputDirectory: "apps/dist",
      buildSecrets: JSON.stringify({ NPM_TOKEN: "npm-1" }),
      target: "web",
      platforms: "linux/amd64, linux/arm64",
      builder: "buildkit",
      cache: "false",
      skipServerPages: "true",
      sizeBudgetMiB: "60",
      tier: "production",
      tags: "commit,version",
      replaceVersion: `v1.2.3@${digest}`,
      namespace: "web",
      host: "www.example.com",
      pathPrefix: "/docs/v1.2",
      tlsSecret: "www.tls",
      ingressClass: "nginx",
      clusterIdentifier: "new-cluster",
      replicas: "2",
      autoscaling: JSON.stringify({ minReplicas: 1, maxReplicas: "4" }),
      progressDeadlineSeconds: "120",
      revisionHistoryLimit: "0",
      pods: JSON.stringify({
        nodeSelector: { "kubernetes.io/arch": "amd64" },
        tolerations: [{ key: "dedicated", operator: "Equal", value: "web", effect: "NoSchedule" }],
        priorityClass: "web",
        volumes: [{ secret: "maps", path: "/data/maps" }],
        labels: { "example.com/team": "web" },
        annotations: { "example.com/scrape": "false" },
      }),
      service: JSON.stringify({ type: "NodePort", annotations: { "example.com/a": "b" } }),
      ingressAnnotations: JSON.stringify({ "cert-manager.io/cluster-issuer": "letsencrypt" }),
      resources: JSON.stringify({ requests: { cpu: "0.5", memory: "64Mi" }, limits: { cpu: 1 } }),
      containerPort: "80",
      webServer: "slipway",
      readinessPath: "none",
      keepReleases: "0",
      livenessPath: "/live",
      networkPolicy: "none",
      contentPolicy: JSON.stringify({
        level: "strict",
        hosts: ["https://www.googletagmanager.com", "*.example.com", "wss://live.example.com:8443"],
        reportOnly: true,
      }),
      basicAuth: JSON.stringify({ editor: "correct horse" }),
      hstsMaxAge: "31536000",
      headers: JSON.stringify({ "Permissions-Policy": "camera=()", "Referrer-Policy": "" }),
      userId: "101",
      writablePaths: "/data",
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

    expect(Object.keys(right).sort()).toEqual([...keys.keys()].sort());
    const secrets = ["gatsby-site:basicAuth", "gatsby-site:buildSecrets"];
    const trusting = { SSL_CERT_FILE: "ca.pem", NODE_EXTRA_CA_CERTS: "ca.pem" };
    const environment = { ...env, ...trusting, CI_REGISTRY_PASSWORD: "x" };
    expect(findProblems(right, secrets, environment)).toEqual([]);
  });

  it("accepts empty text as nothing, and keys of others", () => {
    expect(findProblems({ group: "", replicas: "", "gitlab:baseUrl": "", "aws:a": "b" })).toEqual(
      [],
    );
  });

  it.each([
    ["replica", "Did you mean `replicas`?"],
    ["HOST", "Did you mean `host`?"],
    ["sitedirectry", "Did you mean `siteDirectory`?"],
    ["colour", "Pulumi.yaml lists the keys."],
    ["toString", "Pulumi.yaml lists the keys."],
  ])("refuses the unknown key `%s`", (key, hint) => {
    expect(findProblems({ [key]: "1" })).toEqual(
      problem(`\`${key}\` is not a key of this program. ${hint}`, `pulumi config rm ${key}`),
    );
  });

  it("refuses a secret that is readable anyway, and does not print it", () => {
    expect(findProblems({ group: "s3cret value" }, ["gatsby-site:group"])).toEqual(
      problem(
        "`group` is stored as a secret, but anyone can read its value in the image or the cluster. Store it in plain text, and put nothing secret in it.",
        "pulumi config set --plaintext group group",
      ),
    );
    const problems = findProblems({ project: "s3cret/x", group: "web" }, ["gatsby-site:project"]);
    expect(JSON.stringify(problems)).not.toContain("s3cret");
  });

  it("refuses build secrets in plain text, and does not print them", () => {
    expect(findProblems({ buildSecrets: '{"NPM_TOKEN":"s3cret"}' })).toEqual(
      problem(
        "`buildSecrets` is stored in plain text. Replace what it contains, and store the new value as a secret.",
        "pulumi config set --secret --path 'buildSecrets.NPM_TOKEN'",
      ),
    );
    expect(findProblems({ buildSecrets: "{}" })).toEqual([]);
  });

  it("accepts credentials that are stored as secrets, and does not print them", () => {
    const stored = ["gatsby-site:credentials"];
    const credentials = (password: unknown) =>
      JSON.stringify({ pull: { username: "reader", password } });

    expect(findProblems({ credentials: credentials("s3cret") }, stored)).toEqual([]);
    expect(findProblems({ credentials: credentials("s3cret") })).toEqual(
      problem(
        "`credentials.pull.password` is stored in plain text. Revoke it, and store a new one as a secret.",
        "pulumi config set --path 'credentials.pull.password' --secret",
      ),
    );
    expect(findProblems({ credentials: credentials(["s3cret"]) }, stored)).toEqual(
      problem(
        "`credentials.pull.password` is empty or not text.",
        "pulumi config set --path 'credentials.pull.username' <name>",
      ),
    );
  });

  it("refuses a CA that other programs don't trust, with the line to run", () => {
    expect(findProblems({ caCertificate: "ca.pem" })).toEqual(
      problem(
        "`caCertificate` is not trusted by the programs that build and push. They use `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`, which this program can't set.",
        'eval "$(npx slipway env)"',
      ),
    );
  });

  it("refuses a CA that is the certificate of another host", () => {
    expect(
      findProblems({
        caCertificate: "server.pem",
        registry: "gitlab.example.com:5050",
        "gitlab:baseUrl": "https://gitlab.example.com/api/v4/",
      }),
    ).toEqual(
      problem(
        '`caCertificate` contains the certificate of "other.example.com", which is neither a CA certificate nor the certificate of GitLab\'s host "gitlab.example.com".',
        "pulumi config set caCertificate ca.pem",
      ),
    );
  });

  it("refuses a GitLab token in plain text, and does not print it", () => {
    expect(findProblems({ "gitlab:token": "glpat-2" })).toEqual(
      problem(
        "`gitlab:token` is stored in plain text. Revoke that token, and store a new one as a secret.",
        "pulumi config set --secret gitlab:token",
      ),
    );
    expect(findProblems({ "gitlab:token": "glpat-2" }, ["gitlab:token"])).toEqual([]);
  });

  it("asks for a GitLab token, in any of the provider's ways", () => {
    const withoutToken = (values: Record<string, string>) =>
      checkStack(
        {
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
    // Nothing uses GitLab's API.
    const push = { username: "writer", passwordFrom: "HOME" };
    const credentials = JSON.stringify({ push, pull: push });
    const asksNobody = checkStack(
      { values: { "gatsby-site:project": "web/site", "gatsby-site:credentials": credentials } },
      { HOME: "x" },
    );
    expect(asksNobody).toEqual([]);
  });

  it("refuses a token that is the path of a file", () => {
    fs.writeFileSync("GITLAB_TOKEN", "glpat-1");
    expect(findProblems({}, [], { GITLAB_TOKEN: path.resolve("GITLAB_TOKEN") })).toEqual(
      problem(
        "`GITLAB_TOKEN` is the path of a file. If it is a variable of GitLab, change its type from File to Variable.",
        'export GITLAB_TOKEN="$(cat "$GITLAB_TOKEN")"',
      ),
    );
  });

  it.each(["30 days", "1e400", "NaN", "999999999999"])("refuses the clock offset %j", (offset) => {
    expect(findProblems({}, [], { ...env, SLIPWAY_CLOCK_OFFSET_SECONDS: offset })).toEqual(
      problem(
        `\`SLIPWAY_CLOCK_OFFSET_SECONDS\` is "${offset}", which is not a number of seconds up to ten years. Only the sandbox's tests set it.`,
        "unset SLIPWAY_CLOCK_OFFSET_SECONDS",
      ),
    );
  });

  it.each(["", " ", "-86400", "+1", "0.5"])("accepts the clock offset %j", (offset) => {
    expect(findProblems({}, [], { ...env, SLIPWAY_CLOCK_OFFSET_SECONDS: offset })).toEqual([]);
  });

  it("refuses invalid keys of the GitLab provider", () => {
    const invalid = {
      registry: "gitlab.example.com",
      "gitlab:baseUrl": "gitlab.example.com",
      "gitlab:insecure": "no",
      "gitlab:retries": "many",
      "gitlab:headers": '{"X-Team":1}',
    };
    expect(findProblems(invalid)).toEqual([
      ...problem(
        '`gitlab:baseUrl` is "gitlab.example.com", which is not an address that begins with "https://".',
        "pulumi config set gitlab:baseUrl https://gitlab.example.com/api/v4/",
      ),
      ...problem(
        "`gitlab:headers.X-Team` is not text. Put it in quotes.",
        "pulumi config set --path 'gitlab:headers.X-Team' web",
      ),
      ...problem(
        '`gitlab:insecure` is "no", which is not "true" or "false".',
        "pulumi config set gitlab:insecure false",
      ),
      ...problem(
        '`gitlab:retries` is "many", which is not a whole number from 0 to 100.',
        "pulumi config set gitlab:retries 3",
      ),
    ]);
  });

  it("does not print an invalid secret of the GitLab provider", () => {
    expect(findProblems({ "gitlab:insecure": "s3cret" }, ["gitlab:insecure"])).toEqual(
      problem(
        "`gitlab:insecure` is not valid. Its value is a secret, so it is not shown.",
        "pulumi config set gitlab:insecure false",
      ),
    );
  });
});
