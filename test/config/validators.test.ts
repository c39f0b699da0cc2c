import { findProblems, problem } from "../support/stackConfig";

describe("a value", () => {
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
      'is "https://host:5050/". Images name a registry without "https://".',
      "registry gitlab.example.com:5050",
    ],
    [
      "registry",
      "host:5050/web",
      'is "host:5050/web". Use only the host and the port: remove "/" and what follows.',
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
      "/Dockerfile",
      'is "/Dockerfile". Use a path with "/", relative to the folder of Pulumi.yaml.',
      "dockerfile site/Dockerfile",
    ],
    [
      "imageName",
      "a/b/c",
      'is "a/b/c". GitLab allows at most 2 names below the project\'s own.',
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
      'is "../dist", which is outside the site\'s folder.',
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
      'is "v1.2.3", which is not a version and the digest that it has now.',
      "replaceVersion v1.2.3@sha256:<64 hexadecimal digits>",
    ],
    ["builder", "kaniko", 'is "kaniko", which is not "buildkit" or "engine".', "builder buildkit"],
    [
      "namespace",
      "My_site",
      'is "My_site", which is not a namespace\'s name: lower-case letters, digits and `-`, at most 63 characters.',
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
    ["webServer", "nginx", 'is "nginx", which is not "slipway" or "image".', "webServer image"],
    [
      "readinessPath",
      "de/",
      'is "de/", which is not a path that begins with "/", or "none".',
      "readinessPath /de/",
    ],
    ["userId", "0", 'is "0", which is not a whole number from 1 to 2147483647.', "userId 101"],
    [
      "userId",
      "nginx",
      'is "nginx", which is not a whole number from 1 to 2147483647.',
      "userId 101",
    ],
    [
      "writablePaths",
      "/data,cache",
      'has "cache", which is not the path of a folder, such as "/data".',
      "writablePaths /data,/config",
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
      'is "yes", which is not "auto", "always", "never" or "nodes".',
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
      "caCertificate",
      "missing.pem",
      'is "missing.pem", but that file does not exist.',
      "caCertificate ca.pem",
    ],
    ["email", "web", 'is "web", which is not an e-mail address.', "email web@example.com"],
  ])("refuses `%s` %j", (key, value, text, example) => {
    expect(findProblems({ [key]: value })).toEqual(
      problem(`\`${key}\` ${text}`, `pulumi config set ${example}`),
    );
  });

  it.each([
    ["tlsSecret", "WWW", "www-tls", "a secret's name"],
    ["ingressClass", "NGINX", "nginx", "an Ingress class"],
  ])("refuses `%s` that is no name", (key, value, example, shape) => {
    const text = `\`${key}\` is "${value}", which is not ${shape}: lower-case letters, digits, \`-\` and \`.\`.`;
    expect(findProblems({ host: "www.example.com", [key]: value })).toEqual(
      problem(text, `pulumi config set ${key} ${example}`),
    );
  });

  it("refuses a stack's name of two parts, which backends read in two ways", () => {
    expect(findProblems({ release: "promote", promoteFrom: "gatsby-site/staging" })).toEqual(
      problem(
        '`promoteFrom` is "gatsby-site/staging", which is not a stack\'s name, "stack" or "organization/project/stack".',
        "pulumi config set promoteFrom staging",
      ),
    );
  });
});
