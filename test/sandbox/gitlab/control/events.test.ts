import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { tokenOf, World, type Call } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "/projects/web%2Fgatsby-site";
const tokens = `${site}/deploy_tokens`;
const fitting = { name: "n", scopes: ["read_registry"] };

async function lastId(): Promise<number> {
  return (await world.control.events()).at(-1)?.id ?? 0;
}

async function idOf(username: string, scope = "api"): Promise<number> {
  const token = tokenOf(username, scope);
  return ((await world.api("/personal_access_tokens/self", { token })).body as { id: number }).id;
}

describe("the log of events", () => {
  it("has who changed what, with which token, when and with what result", async () => {
    const id = await idOf("owner");
    const before = await lastId();

    const created = await world.api(tokens, { method: "POST", as: "owner", json: fitting });
    const { id: tokenId } = created.body as { id: number };
    await world.api(`${tokens}/${tokenId}`, { method: "DELETE", as: "owner" });

    const actor = { actor: "owner", credential: `personal_access_token ${id}` };
    const at = world.now.toISOString();
    expect(await world.control.events({ after: before })).toEqual([
      {
        id: before + 1,
        at,
        action: "api_request",
        ...actor,
        target: "POST /projects/:id/deploy_tokens",
        details: { status: 201, project: "web/gatsby-site" },
      },
      {
        id: before + 2,
        at,
        action: "api_request",
        ...actor,
        target: "DELETE /projects/:id/deploy_tokens/:token_id",
        details: { status: 204, project: "web/gatsby-site", token_id: String(tokenId) },
      },
    ]);
  });

  it("has changes that were refused, too, and no reading", async () => {
    const before = await lastId();

    await world.api(tokens, { method: "POST", as: "guest", json: fitting });
    await world.api(tokens, { as: "owner" });
    await world.api(tokens, { method: "HEAD", as: "owner" });
    await world.api("/groups/web/deploy_tokens", { method: "POST", json: fitting });

    expect(await world.control.events({ after: before })).toMatchObject([
      { actor: "guest", details: { status: 403 } },
      {
        actor: null,
        credential: null,
        target: "POST /groups/:id/deploy_tokens",
        details: { status: 404, group: "web" },
      },
    ]);
  });

  it.each<[string, Call, string | null]>([
    ["an unknown token", { token: "glpat-unknown" }, null],
    ["no token", {}, null],
    ["an expired token", { token: tokenOf("owner", "mortal") }, "owner"],
  ])("has who failed to authenticate with %s", async (_what, call, actor) => {
    const id = await idOf("owner", "mortal");
    const before = await lastId();
    world.now = new Date("2028-01-01T00:00:00.000Z");

    await world.api("/user", call);

    expect(await world.control.events({ after: before })).toMatchObject([
      {
        action: "authentication_failed",
        actor,
        credential: actor && `personal_access_token ${id}`,
        target: "GET /user",
        details: { status: 401 },
      },
    ]);
  });

  it("has who failed at the token service", async () => {
    const before = await lastId();

    await world.jwtAuth("", "somebody:wrong");

    expect(
      await world.control.events({ after: before, action: "authentication_failed" }),
    ).toMatchObject([{ target: "GET /jwt/auth", details: { status: 401 } }]);
  });

  it("is filtered by action, actor, part of the target, and number", async () => {
    const before = await lastId();
    for (const as of ["owner", "admin"] as const) {
      await world.api(tokens, { method: "POST", as, json: fitting });
      await world.api("/groups/web/deploy_tokens", { method: "POST", as, json: fitting });
    }
    await world.api("/user");

    const count = async (filter: object): Promise<number> =>
      (await world.control.events({ after: before, ...filter })).length;
    expect(await count({})).toBe(5);
    expect(await count({ action: "api_request" })).toBe(4);
    expect(await count({ actor: "admin" })).toBe(2);
    expect(await count({ target: "/groups/" })).toBe(2);
    expect(await count({ actor: "admin", target: "/groups/" })).toBe(1);
    expect(await count({ limit: 3 })).toBe(3);
  });

  it("survives a restart", async () => {
    await world.api(tokens, { method: "POST", as: "owner", json: fitting });
    const before = await world.control.events();

    await world.restart();

    expect(await world.control.events()).toEqual(before);
  });

  it("has no secret, wherever in a request it was", async () => {
    const secret = "glpat-s3cret+/=%?";
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
      Buffer.from(`x:${secret}`).toString("base64"),
    ];
    const encoded = encodeURIComponent(secret);
    await world.api(`/projects/${encoded}/deploy_tokens?private_token=${encoded}`, {
      method: "POST",
      token: secret,
      json: { name: secret, scopes: secret, username: secret, private_token: secret },
    });
    await world.api(`/personal_access_tokens/${encoded}/rotate`, { method: "POST", as: "owner" });
    await world.api(`/${encoded}`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
    });
    await world.jwtAuth(`&scope=${encoded}`, `x:${secret}`);
    await world.api(tokens, { method: "POST", as: "owner", json: { ...fitting, name: secret } });

    const said = JSON.stringify(await world.control.events()) + world.log.join("\n");
    const data = join(world.folder, "data");
    const stored = readdirSync(data).map((name) => readFileSync(join(data, name), "latin1"));
    for (const form of forms) expect(said).not.toContain(form);
    // A deploy token may be called so: its name is stored, and nothing else.
    expect(stored.join("").split(secret)).toHaveLength(2);
  });
});
