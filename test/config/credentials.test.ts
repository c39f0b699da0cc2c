import {
  findCredentialsProblems,
  findCredentialUseProblems,
  readCredentials,
} from "../../config/credentials";

const now = new Date("2026-01-22T10:00:00Z");
const pull = { username: "reader", password: "gldt-secret" };

describe("findCredentialsProblems", () => {
  it.each([
    {},
    { pull },
    { pull: { ...pull, expiresAt: "2027-01-31" } },
    { push: { username: "gitlab-ci-token", passwordFrom: "CI_REGISTRY_PASSWORD" } },
    { pull, push: { ...pull, expiresAt: "2027-01-31T00:00:00+01:00" } },
  ])("accepts %j", (value) => {
    expect(findCredentialsProblems(JSON.stringify(value))).toEqual([]);
  });

  it.each<[unknown, string[]]>([
    [[], ["is not an object with `push` and `pull`."]],
    [{ admin: pull }, ["has `admin`. It may have `push` and `pull`."]],
    [
      { pull: "gldt-secret" },
      ["has `pull`, which is not an object with `username` and `password` or `passwordFrom`."],
    ],
    [
      { pull: {} },
      [
        "has `pull`, which lacks `username`.",
        "has `pull`, which needs one of `password` and `passwordFrom`.",
      ],
    ],
    [
      { pull: { ...pull, passwordFrom: "X" } },
      ["has `pull`, which needs one of `password` and `passwordFrom`."],
    ],
    [{ pull: { ...pull, password: 1 } }, ["has `pull`, which has no text as `password`."]],
    [
      { pull: { ...pull, token: "gldt-secret" } },
      [
        "has `pull`, which has `token`. It may have `username`, `password`, `passwordFrom`, `expiresAt`.",
      ],
    ],
    [
      { push: { ...pull, expiresAt: "soon" } },
      [
        "has `push`, which has an `expiresAt` that is not a date or a time such as 2027-01-31T00:00:00Z.",
      ],
    ],
  ])("refuses %j, and shows no value", (value, problems) => {
    expect(findCredentialsProblems(JSON.stringify(value))).toEqual(problems);
    expect(problems.join()).not.toContain("secret");
  });
});

describe("findCredentialUseProblems", () => {
  const find = (value: object, env: NodeJS.ProcessEnv = {}, isSecret = true) =>
    findCredentialUseProblems(JSON.stringify(value), { env, isSecret, now });

  it("accepts what is stored as a secret, or set in the environment", () => {
    expect(find({ pull })).toEqual([]);
    expect(find({ push: { username: "x", passwordFrom: "P" } }, { P: "1" }, false)).toEqual([]);
  });

  it("refuses a password in clear", () => {
    expect(find({ pull }, {}, false)).toEqual([
      {
        text: "`credentials.pull.password` is stored in clear. Revoke it, and store a new one as a secret.",
        command: "pulumi config set --path 'credentials.pull.password' --secret",
      },
    ]);
  });

  it("refuses a variable that is not set", () => {
    expect(find({ push: { username: "x", passwordFrom: "REGISTRY_PASSWORD" } })).toEqual([
      {
        text: "`credentials.push.passwordFrom` names the environment variable `REGISTRY_PASSWORD`, which is not set.",
        command: "export REGISTRY_PASSWORD=<password>",
      },
    ]);
  });

  it("refuses credentials that have ended", () => {
    expect(find({ pull: { ...pull, expiresAt: "2026-01-22" } })).toEqual([
      {
        text: '`credentials.pull.expiresAt` is "2026-01-22", which is past: these credentials are refused.',
        command:
          "pulumi config set --path 'credentials.pull.expiresAt' <time at which the new ones end>",
      },
    ]);
  });

  it.each([
    ["its user name", { username: "gitlab-ci-token", password: "x" }, {}],
    ["its variable", { username: "x", passwordFrom: "CI_JOB_TOKEN" }, { CI_JOB_TOKEN: "1" }],
    [
      "its other variable",
      { username: "x", passwordFrom: "CI_REGISTRY_PASSWORD" },
      { CI_REGISTRY_PASSWORD: "1" },
    ],
    ["its value", { username: "x", password: "glcbt-64_y" }, { CI_JOB_TOKEN: "glcbt-64_y" }],
  ])("refuses a CI job's token to pull with, by %s", (_, entry, env) => {
    expect(find({ pull: entry }, env)).toEqual([
      {
        text: "`credentials.pull` is the token of a CI job, which ends with the job: after it no pod could pull. Without it the stack makes a deploy token.",
        command: "pulumi config rm --path 'credentials.pull'",
      },
    ]);
  });

  it("takes a CI job's token to push with", () => {
    const push = { username: "gitlab-ci-token", passwordFrom: "CI_REGISTRY_PASSWORD" };
    expect(find({ push }, { CI_REGISTRY_PASSWORD: "glcbt-64_y" })).toEqual([]);
  });

  it("leaves what does not look right to the other rule", () => {
    expect(find({ pull: {} })).toEqual([]);
  });
});

describe("readCredentials", () => {
  it("takes passwords from where they are", () => {
    const value = JSON.stringify({
      pull: { ...pull, expiresAt: "2027-01-31" },
      push: { username: "gitlab-ci-token", passwordFrom: "CI_REGISTRY_PASSWORD" },
    });

    expect(readCredentials(value, { CI_REGISTRY_PASSWORD: "glcbt-64_y" })).toEqual({
      pull: { username: "reader", password: "gldt-secret", expiresAt: "2027-01-31" },
      push: { username: "gitlab-ci-token", password: "glcbt-64_y" },
    });
  });

  it("gives none where none are configured", () => {
    expect(readCredentials("{}", {})).toEqual({});
  });
});
