import { createHash } from "node:crypto";

import { decodeProtectedHeader, jwtVerify, type JWTPayload } from "jose";

import { keys, seed, tokenOf, World, type Answer, type DeployTokenBody } from "../support/world";

const world = new World();
const password = "correct horse battery staple";

beforeAll(() =>
  world.start({
    seed: {
      ...seed,
      users: [
        ...seed.users!,
        { username: "typist", name: "Typist", password },
        { username: "careful", name: "Careful", password, twoFactor: true },
      ],
      members: [
        ...seed.members!,
        { username: "typist", role: "developer", group: "web" },
        { username: "careful", role: "developer", group: "web" },
      ],
    },
  }),
);
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "web/gatsby-site";
const denied = {
  errors: [{ code: "DENIED", message: "access forbidden" }],
  http_status: 403,
};

async function verify(token: string): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, keys.publicKey, {
    issuer: "test-issuer",
    audience: "container_registry",
    currentDate: world.now,
    algorithms: ["RS256"],
  });
  return payload;
}

/** What an answer grants, as `name:actions`; an answer that isn't 200 fails. */
async function granted(answer: Answer): Promise<string[]> {
  expect(answer).toMatchObject({ status: 200 });
  const { access } = await verify((answer.body as { token: string }).token);
  return (access as { name: string; actions: string[] }[]).map(
    ({ name, actions }) => `${name}:${actions.join(",")}`,
  );
}

function login({ username, token }: DeployTokenBody): string {
  return `${username}:${token}`;
}

describe("a registry token", () => {
  it("says who it is for and what it grants, as GitLab does", async () => {
    const answer = await world.jwtAuth(
      `&scope=repository:${site}:pull,push&client_id=docker&offline_token=true&account=x`,
      `x:${tokenOf("developer")}`,
    );

    expect(Object.keys(answer.body as object)).toEqual(["token"]);
    const { token } = answer.body as { token: string };
    const payload = await verify(token);
    const now = world.now.getTime() / 1000;
    const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;
    const user = await jwtVerify(String(payload["user"]), keys.publicKey, {
      currentDate: world.now,
    });
    const { id } = (await world.api("/user", { as: "developer" })).body as { id: number };
    const project = (await world.api("/projects/web%2Fgatsby-site", { as: "developer" })).body as {
      id: number;
      namespace: { id: number };
    };
    expect(payload).toEqual({
      jti: uuid,
      iss: "test-issuer",
      aud: "container_registry",
      sub: "developer",
      iat: now,
      nbf: now - 5,
      exp: now + 300,
      auth_type: "personal_access_token",
      access: [
        {
          type: "repository",
          name: site,
          actions: ["pull", "push"],
          meta: {
            project_path: site,
            project_id: project.id,
            root_namespace_id: project.namespace.id,
          },
        },
      ],
      user: payload["user"],
    });
    expect(user.payload).toMatchObject({
      jti: uuid,
      user_info: { token_type: "personal_access_token", username: "developer", user_id: id },
    });
  });

  it("names its key by the libtrust id", async () => {
    const answer = await world.jwtAuth("", `x:${tokenOf("developer")}`);
    const header = decodeProtectedHeader((answer.body as { token: string }).token);

    // As one number in base 32 with the digits renamed: not the way the simulator computes it.
    const checksum = createHash("sha256").update(
      keys.publicKey.export({ type: "spki", format: "der" }),
    );
    const number = BigInt(`0x${checksum.digest("hex").slice(0, 60)}`);
    const digits = "0123456789abcdefghijklmnopqrstuv";
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const id = [...number.toString(32).padStart(48, "0")]
      .map((digit) => letters[digits.indexOf(digit)])
      .join("");
    expect(header).toEqual({ alg: "RS256", typ: "JWT", kid: id.replace(/(.{4})(?!$)/g, "$1:") });
  });

  it("tells the topmost group of a project in a subgroup", async () => {
    const answer = await world.jwtAuth(
      "&scope=repository:web/inner/deep:pull",
      `x:${tokenOf("owner")}`,
    );
    const web = (await world.api("/groups/web", { as: "owner" })).body as { id: number };

    const { access } = await verify((answer.body as { token: string }).token);
    expect(access).toMatchObject([{ meta: { root_namespace_id: web.id } }]);
  });

  it("has no subject for a deploy token, and names it inside", async () => {
    const deployToken = await world.createDeployToken("projects/web%2Fgatsby-site", {
      name: "d",
      scopes: ["read_registry"],
    });
    const answer = await world.jwtAuth(`&scope=repository:${site}:pull`, login(deployToken));

    const payload = await verify((answer.body as { token: string }).token);
    expect(payload).toMatchObject({ auth_type: "deploy_token" });
    expect(payload).not.toHaveProperty("sub");
    const user = await jwtVerify(String(payload["user"]), keys.publicKey, {
      currentDate: world.now,
    });
    expect(user.payload["user_info"]).toEqual({
      token_type: "deploy_token",
      username: deployToken.username,
      deploy_token_id: deployToken.id,
    });
  });

  it("has no subject for nobody", async () => {
    const answer = await world.jwtAuth("&scope=repository:open/public:pull");

    const payload = await verify((answer.body as { token: string }).token);
    expect(payload).toMatchObject({ auth_type: "none" });
    expect(payload).not.toHaveProperty("sub");
  });

  it("is refused with another key, and after its five minutes", async () => {
    const { token } = (await world.jwtAuth("", `x:${tokenOf("owner")}`)).body as { token: string };
    const later = new Date(world.now.getTime() + 301_000);

    await expect(jwtVerify(token, keys.publicKey, { currentDate: later })).rejects.toThrow(/exp/);
    const [head, , signature] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ access: [] })).toString("base64url");
    await expect(
      jwtVerify(`${head}.${forged}.${signature}`, keys.publicKey, { currentDate: world.now }),
    ).rejects.toThrow(/signature/);
  });
});

describe("the three denials", () => {
  it.each([
    ["an unknown token", "x:glpat-unknown"],
    ["no password", "developer:"],
    ["a wrong password", "typist:wrong"],
    ["an unknown user", "ghost:wrong"],
    ["a user's password beside two-factor authentication", `careful:${password}`],
    ["a user without password", "developer:undefined"],
    ["a login without colon", "developer"],
  ])("401 for %s", async (_what, credential) => {
    const answer = await world.jwtAuth(`&scope=repository:${site}:pull`, credential);

    expect(answer).toMatchObject({ status: 401, body: { errors: [{ code: "UNAUTHORIZED" }] } });
    expect(answer.text).toContain("HTTP Basic: Access denied.");
    expect(answer.text).toContain(`See ${world.url}/help/`);
  });

  it("401 before anything else, even for an unknown service", async () => {
    const headers = { authorization: `Basic ${Buffer.from("x:y").toString("base64")}` };

    expect(await world.send("/jwt/auth?service=other", { headers })).toMatchObject({ status: 401 });
  });

  it("403 for a credential that has nothing to do with the registry", async () => {
    const deployToken = await world.createDeployToken("projects/web%2Fgatsby-site", {
      name: "git",
      scopes: ["read_repository"],
    });
    for (const credential of [login(deployToken), `x:${tokenOf("owner", "read_user")}`]) {
      const answer = await world.jwtAuth(`&scope=repository:${site}:pull`, credential);
      expect(answer).toMatchObject({ status: 403, body: denied });
    }
  });

  it.each(["", `&scope=repository:${site}:pull`, "&scope=repository:no/such:pull"])(
    "403 for nobody who is granted nothing: %j",
    async (query) => {
      expect(await world.jwtAuth(query)).toMatchObject({ status: 403, body: denied });
    },
  );

  it("200 and an empty token for someone who may not", async () => {
    const lone = await world.createDeployToken("projects/closed%2Flone", {
      name: "other",
      scopes: ["read_registry"],
    });
    for (const credential of [login(lone), `x:${tokenOf("stranger")}`, `x:${tokenOf("guest")}`]) {
      expect(
        await granted(await world.jwtAuth(`&scope=repository:${site}:pull`, credential)),
      ).toEqual([]);
    }
  });
});

describe("who may do what", () => {
  const asked = "pull,push,delete,*";

  it.each([
    [site, "guest", []],
    [site, "reporter", ["pull"]],
    [site, "developer", ["pull,push"]],
    [site, "maintainer", [asked]],
    [site, "owner", [asked]],
    [site, "admin", [asked]],
    [site, "stranger", []],
    ["open/public", "stranger", ["pull"]],
    ["open/public", "developer", ["pull,push"]],
    ["open/internal", "stranger", ["pull"]],
    ["open/members-only", "stranger", []],
    ["open/members-only", "guest", []],
    ["open/members-only", "reporter", ["pull"]],
    ["open/off", "owner", []],
    ["open/off", "admin", []],
    ["closed/lone", "reporter", [asked]],
    ["closed/lone", "owner", []],
  ])("in %s a %s with a token for everything: %j", async (name, user, actions) => {
    const answer = await world.jwtAuth(
      `&scope=repository:${name}:${asked}`,
      `any:${tokenOf(user)}`,
    );

    expect(await granted(answer)).toEqual(actions.map((list) => `${name}:${list}`));
  });

  it.each([
    ["read_registry", ["pull"]],
    ["write_registry", ["push"]],
    ["api", [asked]],
  ])("a maintainer's token with %s alone: %j", async (scope, actions) => {
    const answer = await world.jwtAuth(
      `&scope=repository:${site}:${asked}`,
      `any:${tokenOf("maintainer", scope)}`,
    );

    expect(await granted(answer)).toEqual(actions.map((list) => `${site}:${list}`));
  });

  it.each([
    ["open/public", ["pull"]],
    ["open/internal", undefined],
    ["open/members-only", undefined],
    ["open/off", undefined],
    [site, undefined],
  ])("nobody in %s: %j", async (name, actions) => {
    const answer = await world.jwtAuth(`&scope=repository:${name}:${asked}`);

    const outcome = answer.status === 200 ? await granted(answer) : answer.status;
    expect(outcome).toEqual(actions?.map((list) => `${name}:${list}`) ?? 403);
  });

  it.each([
    ["projects/web%2Fgatsby-site", ["read_registry"], site, ["pull"]],
    ["projects/web%2Fgatsby-site", ["write_registry"], site, ["push"]],
    ["projects/web%2Fgatsby-site", ["read_registry", "write_registry"], site, ["pull,push"]],
    ["projects/web%2Fgatsby-site", ["read_registry", "write_registry"], "web/inner/deep", []],
    ["groups/web", ["read_registry", "write_registry"], site, ["pull,push"]],
    ["groups/web", ["read_registry", "write_registry"], "web/inner/deep", ["pull,push"]],
    ["groups/web", ["read_registry", "write_registry"], "closed/lone", []],
    ["groups/web%2Finner", ["read_registry"], "web/inner/deep", ["pull"]],
    ["groups/web%2Finner", ["read_registry"], site, []],
    ["groups/open", ["read_registry", "write_registry"], "open/off", []],
  ])("a deploy token of %s with %j in %s: %j", async (holder, scopes, name, actions) => {
    const token = await world.createDeployToken(holder, { name: "d", scopes });

    const answer = await world.jwtAuth(`&scope=repository:${name}:${asked}`, login(token));

    expect(await granted(answer)).toEqual(actions.map((list) => `${name}:${list}`));
  });

  it("a user's own password, where there is no second factor", async () => {
    const answer = await world.jwtAuth(`&scope=repository:${site}:${asked}`, `typist:${password}`);

    expect(await granted(answer)).toEqual([`${site}:pull,push`]);
  });

  it("the catalog is for administrators alone", async () => {
    const ask = (user: string): Promise<Answer> =>
      world.jwtAuth("&scope=registry:catalog:*", `any:${tokenOf(user)}`);

    expect(await granted(await ask("admin"))).toEqual(["catalog:*"]);
    expect(await granted(await ask("owner"))).toEqual([]);
  });
});

describe("a deploy token's life", () => {
  const read = { name: "d", scopes: ["read_registry"] };

  it("takes the exact user name", async () => {
    const token = await world.createDeployToken("groups/web", { ...read, username: "cluster" });

    for (const username of ["cluster2", "Cluster", "", "gitlab-ci-token"]) {
      expect(await world.jwtAuth("", `${username}:${token.token}`)).toMatchObject({ status: 401 });
    }
    expect(await world.jwtAuth("", `cluster:${token.token}`)).toMatchObject({ status: 200 });
  });

  it("ends when it is deleted", async () => {
    const token = await world.createDeployToken("groups/web", read);
    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 200 });

    await world.api(`/groups/web/deploy_tokens/${token.id}`, { method: "DELETE", as: "owner" });

    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 401 });
  });

  it("ends at the exact instant", async () => {
    const token = await world.createDeployToken("groups/web", {
      ...read,
      expires_at: "2027-01-09",
    });

    world.now = new Date("2027-01-09T00:00:00.000Z");
    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 200 });
    world.now = new Date("2027-01-09T00:00:00.001Z");
    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 401 });
  });

  it("opens nothing of the REST API", async () => {
    const { token } = await world.createDeployToken("projects/web%2Fgatsby-site", read);

    const answer = await world.api("/projects/web%2Fgatsby-site", { token });

    expect(answer).toMatchObject({ status: 401, body: { message: "401 Unauthorized" } });
  });
});

describe("a personal access token's life", () => {
  it("ends with the start of the day of its expiry", async () => {
    const credential = `x:${tokenOf("owner", "mortal")}`;

    world.now = new Date("2027-01-01T23:59:59.999Z");
    expect(await world.jwtAuth("", credential)).toMatchObject({ status: 200 });
    world.now = new Date("2027-01-02T00:00:00.000Z");
    expect(await world.jwtAuth("", credential)).toMatchObject({ status: 401 });
  });
});

describe("scopes", () => {
  const ask = async (query: string): Promise<string[]> =>
    granted(await world.jwtAuth(query, `x:${tokenOf("developer")}`));
  const a = `repository:${site}:pull`;
  const b = "repository:web/inner/deep:pull,push";

  it.each([
    [`&scope=${a}&scope=${b}`, [`${site}:pull`, "web/inner/deep:pull,push"]],
    [`&scope=${a}%20${b}`, [`${site}:pull`, "web/inner/deep:pull,push"]],
    [
      `&scope=${a}+${b}&scope=repository:open/public:pull`,
      [`${site}:pull`, "web/inner/deep:pull,push", "open/public:pull"],
    ],
    [`&scope=${a}&scope=repository:closed/lone:pull`, [`${site}:pull`]],
    ["", []],
    ["&scope=", []],
  ])("%s", async (query, names) => {
    expect(await ask(query)).toEqual(names);
  });

  it.each([
    ["web/gatsby-site/base", true],
    ["web/gatsby-site/base/node", true],
    ["web/gatsby-site/one/two/three", false],
    ["web/gatsby-site-2", false],
    ["web", false],
    ["gatsby-site", false],
    ["web//gatsby-site", false],
    ["/web/gatsby-site", false],
    ["web/gatsby-site/", false],
    ["web/../web/gatsby-site", false],
    ["web/gatsby-site/under__score", true],
    ["WEB/Gatsby-Site", true],
  ])("%s is a repository of the project: %s", async (name, isOne) => {
    expect(await ask(`&scope=repository:${name}:pull`)).toEqual(
      isOne ? [`${name.toLowerCase()}:pull`] : [],
    );
  });

  it.each([
    "repository",
    "repository:",
    `repository:${site}`,
    `repository:${site}:`,
    `repository:${site}:pull:push`,
    `plugin:${site}:pull`,
    "registry:catalog:pull",
    ":::",
  ])("%s grants nothing", async (scope) => {
    expect(await ask(`&scope=${scope}`)).toEqual([]);
  });
});

describe("the endpoint", () => {
  it.each([
    ["POST", "/jwt/auth?service=container_registry"],
    ["GET", "/jwt/auth?service=other"],
    ["GET", "/jwt/auth"],
  ] as const)("answers 404 to %s %s", async (method, path) => {
    expect(await world.send(path, { method })).toMatchObject({ status: 404 });
  });
});
