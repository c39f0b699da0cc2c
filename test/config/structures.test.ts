import { findProblems, problem } from "../support/stackConfig";

describe("a structured value", () => {
  it.each<[string, string, string, string]>([
    [
      "buildArgs",
      "[]",
      "is not an object with names and text values.",
      "--path 'buildArgs.NODE_IMAGE' <image>",
    ],
    [
      "buildArgs",
      '{"A-B":"1"}',
      'has "A-B", which is not a build argument\'s name.',
      "--path 'buildArgs.NODE_IMAGE' <image>",
    ],
    [
      "buildArgs.A",
      '{"A":1}',
      "is not text. Put it in quotes.",
      "--path 'buildArgs.NODE_IMAGE' <image>",
    ],
    [
      "publicConfig",
      '["notice"]',
      "is not an object with names and values.",
      "--path 'publicConfig.notice' <text>",
    ],
    [
      "publicConfig",
      JSON.stringify({ notice: "x".repeat(921_600) }),
      "has 921613 bytes. A ConfigMap holds it: at most 921600.",
      "--path 'publicConfig.notice' <text>",
    ],
    [
      "resources",
      "small",
      "is not an object. It may have `requests` and `limits`.",
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "resources",
      '{"cpu":"1"}',
      'has "cpu". It may have `requests` and `limits`.',
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "resources.limits",
      '{"limits":"1"}',
      'is not an object with amounts, such as { cpu: "100m", memory: "64Mi" }.',
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "resources.limits.memory",
      '{"limits":{"memory":"64 MB"}}',
      'is not an amount such as "100m" or "64Mi".',
      "--path 'resources.limits.memory' 128Mi",
    ],
    [
      "credentials.pull",
      '{"pull":1}',
      "is not an object. It may have `username`, `password`, `passwordFrom` and `expiresAt`.",
      "--path 'credentials.pull.username' <name>",
    ],
  ])("refuses `%s` %j", (subject, value, text, example) => {
    const [key] = subject.split(".");
    expect(findProblems({ [key]: value })).toEqual(
      problem(`\`${subject}\` ${text}`, `pulumi config set ${example}`),
    );
  });

  it.each([
    ["buildSecrets", "[]", "is not an object with names and text values."],
    ["buildSecrets", '{"A B":"s3cret"}', 'has "A B", which is not a secret\'s name.'],
    ["buildSecrets.NPM_TOKEN", '{"NPM_TOKEN":42}', "is not text. Put it in quotes."],
    [
      "buildSecrets",
      '{"ca":"s3cret"}',
      'has "ca", the name of the build secret with the trusted certificates. Use another name.',
    ],
  ])("refuses `%s` %s, and prints no value", (subject, value, text) => {
    expect(findProblems({ buildSecrets: value }, ["gatsby-site:buildSecrets"])).toEqual(
      problem(
        `\`${subject}\` ${text}`,
        "pulumi config set --secret --path 'buildSecrets.NPM_TOKEN'",
      ),
    );
  });
});
