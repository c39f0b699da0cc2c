import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import {
  type Credentials,
  credentialsKey,
  findCredentialProblems,
  resolveCredentials,
} from "../../config/credentials";
import { describeFinding } from "../../config/result";

const now = new Date("2026-01-22T10:00:00Z");
const pull = { username: "reader", password: "gldt-secret" };

function parse(value: unknown): Credentials {
  const result = credentialsKey.parse(JSON.stringify(value));
  if (!result.ok) throw new Error("The credentials are invalid.");
  return result.value;
}

describe("credentialsKey", () => {
  it.each([
    {},
    { pull },
    { pull: { ...pull, expiresAt: "2027-01-31" } },
    { push: { username: "gitlab-ci-token", passwordFrom: "CI_REGISTRY_PASSWORD" } },
    { pull, push: { ...pull, expiresAt: "2027-01-31T00:00:00+01:00" } },
  ])("returns %j as it is", (value) => {
    expect(parse(value)).toEqual(value);
  });

  it.each<[unknown, string[]]>([
    [[], ["`credentials` is not an object. It may have `push` and `pull`."]],
    [{ admin: pull }, ['`credentials` has "admin". It may have `push` and `pull`.']],
    [{ Pull: pull }, ['`credentials` has "Pull". Did you mean `pull`?']],
    [
      { pull: "gldt-secret" },
      [
        "`credentials.pull` is not an object. It may have `username`, `password`, `passwordFrom` and `expiresAt`.",
      ],
    ],
    [
      { pull: {} },
      [
        "`credentials.pull.username` is missing.",
        "`credentials.pull` needs either `password` or `passwordFrom`.",
      ],
    ],
    [
      { pull: { ...pull, passwordFrom: "X" } },
      ["`credentials.pull` needs either `password` or `passwordFrom`."],
    ],
    [{ pull: { ...pull, password: 1 } }, ["`credentials.pull.password` is empty or not text."]],
    [
      { pull: { ...pull, token: "gldt-secret" } },
      [
        '`credentials.pull` has "token". It may have `username`, `password`, `passwordFrom` and `expiresAt`.',
      ],
    ],
    [
      { push: { ...pull, expiresAt: "soon" } },
      ["`credentials.push.expiresAt` is not a date or a time such as 2027-01-31T00:00:00Z."],
    ],
  ])("refuses %j, and does not print a value", (value, problems) => {
    const result = credentialsKey.parse(JSON.stringify(value));
    const found = result.ok
      ? []
      : result.findings.map((one) => describeFinding("credentials", one));
    expect(found).toEqual(problems);
    expect(found.join()).not.toContain("secret");
  });
});

describe("findCredentialProblems", () => {
  const find = (value: object, env: NodeJS.ProcessEnv = {}, isSecret = true) =>
    findCredentialProblems(parse(value), { env, isSecret, now });

  it("accepts what is stored as a secret, or set in the environment", () => {
    expect(find({ pull })).toEqual([]);
    expect(find({ push: { username: "x", passwordFrom: "P" } }, { P: "1" }, false)).toEqual([]);
  });

  it("refuses a password in plain text", () => {
    expect(find({ pull }, {}, false)).toEqual([
      {
        text: "`credentials.pull.password` is stored in plain text. Revoke it, and store a new one as a secret.",
        command: "pulumi config set --path 'credentials.pull.password' --secret",
      },
    ]);
  });

  it("refuses a variable that is not set", () => {
    expect(find({ push: { username: "x", passwordFrom: "REGISTRY_PASSWORD" } })).toEqual([
      {
        text: '`credentials.push.passwordFrom` is "REGISTRY_PASSWORD", an environment variable that is not set.',
        command: "export REGISTRY_PASSWORD=<password>",
      },
    ]);
  });

  it("refuses credentials that have expired", () => {
    expect(find({ pull: { ...pull, expiresAt: "2026-01-22" } })).toEqual([
      {
        text: '`credentials.pull.expiresAt` is "2026-01-22", which is in the past. Use new credentials and the time at which they expire.',
        command: "pulumi config set --path 'credentials.pull.expiresAt' <time>",
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
        text: "`credentials.pull` is the token of a CI job. It expires with the job, and then pods can't pull. Without it the stack creates a deploy token.",
        command: "pulumi config rm --path 'credentials.pull'",
      },
    ]);
  });

  it("takes a CI job's token to push with", () => {
    const push = { username: "gitlab-ci-token", passwordFrom: "CI_REGISTRY_PASSWORD" };
    expect(find({ push }, { CI_REGISTRY_PASSWORD: "glcbt-64_y" })).toEqual([]);
  });
});

describe("resolveCredentials", () => {
  it("takes passwords from where they are", () => {
    const value = parse({
      pull: { ...pull, expiresAt: "2027-01-31" },
      push: { username: "gitlab-ci-token", passwordFrom: "CI_REGISTRY_PASSWORD" },
    });

    expect(resolveCredentials(value, { CI_REGISTRY_PASSWORD: "glcbt-64_y" })).toEqual({
      pull: { username: "reader", password: "gldt-secret", expiresAt: "2027-01-31" },
      push: { username: "gitlab-ci-token", password: "glcbt-64_y" },
    });
  });

  it("reads a password from the file that a variable of type File names", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "credentials-"));
    const file = path.join(folder, "PASSWORD");
    fs.writeFileSync(file, "glcbt-64_y\n");
    const value = parse({ push: { username: "x", passwordFrom: "PASSWORD" } });

    expect(resolveCredentials(value, { PASSWORD: file }).push?.password).toBe("glcbt-64_y");
    // A folder is a value like any other.
    expect(resolveCredentials(value, { PASSWORD: folder }).push?.password).toBe(folder);
    fs.rmSync(folder, { recursive: true });
  });

  it("returns none if none are configured", () => {
    expect(resolveCredentials({}, {})).toEqual({});
  });
});
