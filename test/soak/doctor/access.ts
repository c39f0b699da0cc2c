import { inSandbox } from "../../e2e/support/checkout";
import {
  createCredentials,
  type CredentialKind,
  deleteDeployTokens,
  type Login,
} from "../../e2e/support/credentials";
import { ofProject, project, registry } from "../../e2e/support/gitlab";
import { type Fault, testFaults } from "./fault";
import type { DoctorWorld } from "./world";

const ofSandbox = `--registry ${registry} --project ${project}`;
const daySeconds = 24 * 60 * 60;

interface AccessToken {
  readonly id: number;
  readonly token: string;
}

/** Credentials: which of them is wrong, and why. */
export function testAccess(world: DoctorWorld): void {
  let credentials: Record<CredentialKind, Login>;
  const tokens: Record<string, string> = {};
  let scopeless: Login;

  const createToken = async (scopes: readonly string[], days = 20): Promise<AccessToken> => {
    const path = `/${ofProject}/access_tokens`;
    const expiry = new Date(Date.now() + days * daySeconds * 1000).toISOString().slice(0, 10);
    const args = { name: "doctor", scopes, access_level: 40, expires_at: expiry };
    return world.gitlab.api("POST", path, args);
  };

  beforeAll(async () => {
    credentials = await createCredentials(world.gitlab);
    const path = `/${ofProject}/deploy_tokens`;
    const args = { name: "clients", scopes: ["read_repository"] };
    const made = await world.gitlab.api<{ username: string; token: string }>("POST", path, args);
    scopeless = { username: made.username, password: made.token };
    for (const role of ["guest", "developer"]) {
      tokens[role] = (await inSandbox(`cat .sandbox/test/gitlab/tokens/${role}`)).trim();
    }
    tokens.reading = (await createToken(["read_api"])).token;
    tokens.registry = (await createToken(["read_registry"])).token;
    const { id, token } = await createToken(["api"]);
    tokens.revoked = token;
    await world.gitlab.api("DELETE", `/${ofProject}/access_tokens/${id}`);
    tokens.short = (await createToken(["api"], 5)).token;
  }, 60_000);
  afterAll(() => deleteDeployTokens(world.gitlab));

  const login = (name: string, find: () => Login, cause: RegExp): Fault => ({
    name,
    args: () => `${ofSandbox} --username ${find().username}`,
    setup: () => `export SLIPWAY_REGISTRY_PASSWORD='${find().password}'`,
    causes: { login: cause },
    code: 14,
  });
  const kind = (name: CredentialKind) => (): Login => credentials[name];
  const withToken = (name: string, token: string, cause: RegExp): Fault => ({
    name,
    setup: () => `export GITLAB_TOKEN=${tokens[token] ?? token}`,
    causes: { gitlab: cause },
    code: 14,
  });
  const wrong = /^GitLab refuses `--username` \("[^"]+"\): the user name or the password is wrong/;

  testFaults([
    login(
      "a wrong password",
      () => ({ ...credentials["project deploy token"], password: "wrong" }),
      /: the user name exists, the password is wrong\.$/,
    ),
    login("a deploy token with another user name", kind("deploy token under another name"), wrong),
    login("an expired deploy token", kind("expired deploy token"), /: it expired at 2020-01-01T/),
    login("the password of a user with 2FA", kind("password of a user with 2FA"), wrong),
    login("the token of a job that ended", kind("token of a job that ended"), wrong),
    login(
      "a revoked access token as password",
      () => ({ username: "any", password: tokens.revoked }),
      /: it is an access token that was revoked\.$/,
    ),
    login(
      "a token without the registry's scope",
      () => scopeless,
      /^GitLab accepts `--username` .* it lacks the scope `read_registry`, or belongs to another/,
    ),
    {
      name: "an access token that may not push",
      args: ofSandbox,
      setup: () => `export GITLAB_TOKEN=${tokens.registry}`,
      causes: {
        repository: /^`GITLAB_TOKEN` may not push in `web\/gatsby-site`: it lacks the scope/,
        gitlab: /^`GITLAB_TOKEN` has the scopes read_registry, and deploy tokens need `api`\.$/,
      },
      code: 14,
    },
    withToken(
      "a wrong access token",
      "glpat-wrong-wrong-wrong",
      /^GitLab does not accept `GITLAB_TOKEN`: it is wrong/,
    ),
    withToken(
      "a revoked access token",
      "revoked",
      /^GitLab does not accept `GITLAB_TOKEN`: it was revoked\.$/,
    ),
    withToken(
      "an access token that may only read",
      "reading",
      /has the scopes read_api, and deploy/,
    ),
    withToken(
      "an access token of a developer",
      "developer",
      /has the role Developer in .* need Maintainer\.$/,
    ),
    withToken(
      "an access token of a guest",
      "guest",
      /has the role less than Developer in .* need Maintainer\.$/,
    ),
    {
      name: "an access token that expires in five days",
      setup: () => `export GITLAB_TOKEN=${tokens.short}`,
      warning: /^`GITLAB_TOKEN` expires on /,
    },
    {
      name: "a stack without an access token",
      setup: "unset GITLAB_TOKEN",
      causes: { configuration: /^`GITLAB_TOKEN` is not set, and the stack creates/ },
      code: 11,
    },
    {
      name: "a stack whose tokens have expired",
      inject: () => world.gitlab.control.setClock({ offsetSeconds: 200 * daySeconds }),
      end: () => world.gitlab.control.reset(),
      setup: `export SLIPWAY_CLOCK_OFFSET_SECONDS=${200 * daySeconds}`,
      causes: {
        login: /^(.*GitLab refuses the (push|pull) token \("[^"]+"\): it expired at .*\n?)+$/,
      },
      code: 14,
    },
  ]);
}
