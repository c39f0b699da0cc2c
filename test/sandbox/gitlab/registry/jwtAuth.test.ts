import { createHash } from "node:crypto";

import { decodeProtectedHeader, jwtVerify } from "jose";

import { keys, tokenOf, World, type Answer } from "../support/world";
import { login, password, passwordSeed, verifyAccess, verifyToken } from "./support/verifiedTokens";

const world = new World();
beforeAll(() => world.start({ seed: passwordSeed }));
afterAll(() => world.stop());

const site = "web/gatsby-site";
const denied = {
  errors: [{ code: "DENIED", message: "access forbidden" }],
  http_status: 403,
};
const granted = (answer: Answer) => verifyAccess(world, answer);
const verify = (token: string) => verifyToken(world, token);

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
