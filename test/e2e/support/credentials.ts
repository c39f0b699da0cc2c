import { ofGroup, ofProject, project, type TestGitLab } from "./gitlab";

/** Every kind of credential that GitLab's registry accepts, and some that it refuses, with the rights of each. */
export const credentialKinds = [
  ["personal access token", { login: true, pull: true, push: true }],
  ["project access token", { login: true, pull: true, push: true }],
  ["group access token", { login: true, pull: true, push: false }],
  ["project deploy token", { login: true, pull: true, push: true }],
  ["group deploy token", { login: true, pull: true, push: false }],
  ["job token", { login: true, pull: true, push: true }],
  ["password", { login: true, pull: true, push: true }],
  ["password of a user with 2FA", { login: false, pull: false, push: false }],
  ["expired deploy token", { login: false, pull: false, push: false }],
  ["deploy token under another name", { login: false, pull: false, push: false }],
  ["token of a job that ended", { login: false, pull: false, push: false }],
] as const;
export type CredentialKind = (typeof credentialKinds)[number][0];

/** User name and password for a login to the registry. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** GitLab's access level of the role. */
const developer = 30;
/** Name of all tokens. */
const name = "clients";
const password = "correct horse battery staple";

/** Deletes the deploy tokens among them, because other tests count the project's tokens. */
export async function deleteDeployTokens(gitlab: TestGitLab): Promise<void> {
  for (const holder of [ofProject, ofGroup]) {
    const path = `/${holder}/deploy_tokens`;
    const tokens = await gitlab.api<{ id: number; name: string }[]>("GET", `${path}?per_page=100`);
    for (const { id } of tokens.filter((token) => token.name === name)) {
      await gitlab.api("DELETE", `${path}/${id}`);
    }
  }
}

/** Creates one credential of each kind, for the project. */
export async function createCredentials(
  gitlab: TestGitLab,
): Promise<Record<CredentialKind, Login>> {
  const { control, token } = gitlab;
  const readAndWrite = ["read_registry", "write_registry"];
  await control.seed({
    users: [
      { username: "typist", name: "Typist", password },
      { username: "cautious", name: "Cautious", password, twoFactor: true },
    ],
  });
  const members = await gitlab.api<User[]>("GET", `/${ofProject}/members?per_page=100`);
  for (const username of ["typist", "cautious"]) {
    // The user may exist from an earlier run.
    if (members.some((member) => member.username === username)) continue;
    const [user] = await gitlab.api<User[]>("GET", `/users?username=${username}`);
    const args = { user_id: user?.id, access_level: developer };
    await gitlab.api("POST", `/${ofProject}/members`, args);
  }
  const createDeployToken = async (
    holder: string,
    scopes: string[],
    expiresAt?: string,
  ): Promise<Login> => {
    const args = { name, scopes, expires_at: expiresAt };
    const made = await gitlab.api<DeployToken>("POST", `/${holder}/deploy_tokens`, args);
    return { username: made.username, password: made.token };
  };
  const createAccessToken = async (holder: string, scopes: string[]): Promise<Login> => {
    const args = { name, scopes, access_level: developer, expires_at: inDays(2) };
    const made = await gitlab.api<{ token: string }>("POST", `/${holder}/access_tokens`, args);
    return { username: "any-name-will-do", password: made.token };
  };

  const deployToken = await createDeployToken(ofProject, readAndWrite);
  const job = await control.startJob({ project, user: "typist" });
  const ended = await control.startJob({ project, user: "typist" });
  await control.endJob(ended, "success");
  return {
    "personal access token": { username: "any-name-will-do", password: token },
    "project access token": await createAccessToken(ofProject, readAndWrite),
    "group access token": await createAccessToken(ofGroup, ["read_registry"]),
    "project deploy token": deployToken,
    "group deploy token": await createDeployToken(ofGroup, ["read_registry"]),
    "job token": { username: "gitlab-ci-token", password: job.token },
    password: { username: "typist", password },
    "password of a user with 2FA": { username: "cautious", password },
    "expired deploy token": await createDeployToken(ofProject, readAndWrite, "2020-01-01"),
    "deploy token under another name": { ...deployToken, username: "another-name" },
    "token of a job that ended": { username: "gitlab-ci-token", password: ended.token },
  };
}

interface User {
  readonly id: number;
  readonly username: string;
}

interface DeployToken {
  readonly username: string;
  readonly token: string;
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
