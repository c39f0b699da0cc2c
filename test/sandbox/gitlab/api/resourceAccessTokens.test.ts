import { statusesFor } from "../support/everyCaller";
import { World, type Answer, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "/projects/web%2Fgatsby-site/access_tokens";
const group = "/groups/web/access_tokens";

interface Body {
  readonly id: number;
  readonly token: string;
  readonly user_id: number;
}

const post = (json: object, path = site, as: CallerName = "owner"): Promise<Answer> =>
  world.api(path, { method: "POST", as, json: { name: "bot", scopes: ["api"], ...json } });

async function create(json: object = {}, path = site): Promise<Body> {
  const answer = await post(json, path);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Body;
}

describe("project and group access tokens", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, [401, 404, 401, 401, 401, 200, 200, 200]],
    ["get", site, [401, 404, 401, 401, 401, 200, 200, 200]],
    ["create", site, [401, 404, 400, 400, 400, 201, 201, 201]],
    ["rotate", site, [401, 404, 401, 401, 401, 200, 200, 200]],
    ["delete", site, [401, 404, 400, 400, 400, 204, 204, 204]],
    ["list", group, [401, 404, 401, 401, 401, 401, 200, 200]],
    ["create", group, [401, 404, 400, 400, 400, 400, 201, 201]],
    ["rotate", group, [401, 404, 401, 401, 401, 401, 200, 200]],
    ["delete", group, [401, 404, 400, 400, 400, 400, 204, 204]],
  ])("%s at %s: %j", async (endpoint, path, statuses) => {
    const found = await statusesFor(async (as) => {
      if (endpoint === "list") return world.api(path, { as });
      if (endpoint === "create") return post({}, path, as);
      const one = `${path}/${(await create({}, path)).id}`;
      if (endpoint === "get") return world.api(one, { as });
      if (endpoint === "delete") return world.api(one, { method: "DELETE", as });
      return world.api(`${one}/rotate`, { method: "POST", as });
    });

    expect(found).toEqual(statuses);
  });

  it.each([
    ["project", site, "web/gatsby-site"],
    ["group", group, "web"],
  ])("of a %s belong to a bot with the role", async (kind, path, name) => {
    const { id } = (await world.api(`/${kind}s/${encodeURIComponent(name)}`, { as: "owner" }))
      .body as { id: number };
    const created = await create({ name: "deployer", access_level: 30 }, path);
    const { token, ...rest } = created;

    expect(created).toEqual({
      id: created.id,
      name: "deployer",
      revoked: false,
      created_at: world.now.toISOString(),
      description: null,
      scopes: ["api"],
      user_id: created.user_id,
      last_used_at: null,
      active: true,
      // Without a day given, the longest life.
      expires_at: "2028-01-01",
      access_level: 30,
      resource_type: kind,
      resource_id: id,
      token: expect.stringMatching(/^glpat-[\w-]{20,}$/) as string,
    });
    expect((await world.api(`${path}/${created.id}`, { as: "owner" })).body).toEqual(rest);
    const list = await world.api(`${path}?per_page=100`, { as: "owner" });
    expect(list.body).toContainEqual(rest);
    expect(list.text).not.toContain(token);
    expect((await world.api("/user", { token })).body).toMatchObject({
      id: created.user_id,
      name: "deployer",
      username: expect.stringMatching(new RegExp(`^${kind}_${id}_bot_[0-9a-f]{32}$`)) as string,
    });
    const create_ = (target_branch: string): Promise<Answer> =>
      world.api("/projects/web%2Fgatsby-site/merge_requests", {
        method: "POST",
        token,
        json: { title: "t", source_branch: `${kind}-source`, target_branch },
      });
    expect(await create_("next")).toMatchObject({ status: 201 });
    // A developer makes no deploy tokens, and nobody knows the bot elsewhere.
    expect(await world.api("/projects/web%2Fgatsby-site/deploy_tokens", { token })).toMatchObject({
      status: 403,
    });
    expect(await world.api("/projects/closed%2Flone", { token })).toMatchObject({ status: 404 });
  });

  it.each<[object, unknown]>([
    [{ name: undefined, scopes: undefined }, { error: "name is missing, scopes is missing" }],
    [{ scopes: ["read_user"] }, { error: "scopes does not have a valid value" }],
    [{ access_level: 0 }, { error: "access_level does not have a valid value" }],
    [{ expires_at: "soon" }, { error: "expires_at is invalid" }],
    [
      { expires_at: "2028-01-02" },
      { message: "400 Bad request - Expires at must be before 2028-01-01" },
    ],
    [
      { access_level: 50 },
      {
        message:
          "400 Bad request - Access level of the token contains permissions not held by the creating user",
      },
    ],
  ])("refuse %j", async (json, body) => {
    const answer = await post(json, site, "maintainer");

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body });
  });

  it.each([
    [site, "project"],
    [group, "group"],
  ])("at %s are not made without the role, nor by a bot", async (path, kind) => {
    const { token } = await create({ access_level: 50 }, path);
    const refused = {
      status: 400,
      body: {
        message: `400 Bad request - User does not have permission to create ${kind} access token`,
      },
    };

    expect(await post({}, path, "developer")).toMatchObject(refused);
    const json = { name: "n", scopes: ["api"] };
    expect(await world.api(path, { method: "POST", token, json })).toMatchObject(refused);
  });

  it("are rotated: the old one is dead, and using it again kills the new one", async () => {
    const old = await create({ expires_at: "2027-06-01" });
    const rotate = (id: number): Promise<Answer> =>
      world.api(`${site}/${id}/rotate`, { method: "POST", as: "maintainer" });
    const answer = await rotate(old.id);
    const rotated = answer.body as Body;
    const works = async (token: string): Promise<number> =>
      (await world.api("/user", { token })).status;

    expect(answer).toMatchObject({
      status: 200,
      body: { user_id: old.user_id, expires_at: "2027-01-08", access_level: 40, active: true },
    });
    expect(rotated.id).not.toBe(old.id);
    expect(rotated.token).not.toBe(old.token);
    expect([await works(old.token), await works(rotated.token)]).toEqual([401, 200]);
    expect(await rotate(old.id)).toMatchObject({
      status: 400,
      body: { message: "400 Bad request - Token already revoked" },
    });
    expect(await works(rotated.token)).toBe(401);
  });

  it("rotate themselves", async () => {
    const { token } = await create({ scopes: ["self_rotate"] });
    const path = `${site}/self/rotate`;

    expect(await world.api(path, { method: "POST", as: "owner" })).toMatchObject({ status: 401 });
    const answer = await world.api(path, { method: "POST", token });
    expect(answer).toMatchObject({ status: 200, body: { scopes: ["self_rotate"] } });
    expect((answer.body as Body).token).not.toBe(token);
  });

  it("are revoked, and listed as such", async () => {
    const { id, token } = await create();

    expect(await world.api(`${site}/${id}`, { method: "DELETE", as: "owner" })).toMatchObject({
      status: 204,
      text: "",
    });
    expect(await world.api("/user", { token })).toMatchObject({
      status: 401,
      body: { error: "invalid_token" },
    });
    const ids = async (query: string): Promise<number[]> =>
      ((await world.api(`${site}?per_page=100&${query}`, { as: "owner" })).body as Body[]).map(
        (one) => one.id,
      );
    expect(await ids("state=inactive")).toContain(id);
    expect(await ids("state=active")).not.toContain(id);
  });

  it("say which they are not, and who may not remove them", async () => {
    for (const method of ["GET", "DELETE"] as const) {
      expect(await world.api(`${site}/999999`, { method, as: "owner" })).toMatchObject({
        status: 404,
        body: {
          message: "404 Could not find project access token with token_id: 999999 Not Found",
        },
      });
    }
    const rotate = `${site}/999999/rotate`;
    expect(await world.api(rotate, { method: "POST", as: "owner" })).toMatchObject({ status: 401 });
    expect(await world.api(rotate, { method: "POST", as: "admin" })).toMatchObject({ status: 404 });
    const { id } = await create({ name: "precious" });
    expect(await world.api(`${site}/${id}`, { method: "DELETE", as: "developer" })).toMatchObject({
      status: 400,
      body: { message: "400 Bad request - The developer cannot delete precious" },
    });
  });

  it("work until their day, also after a restart", async () => {
    const { token } = await create({ expires_at: "2027-02-01" });
    await world.restart();

    expect(await world.api("/user", { token })).toMatchObject({ status: 200 });
    world.now = new Date("2027-02-01T00:00:00.000Z");
    expect(await world.api("/user", { token })).toMatchObject({
      status: 401,
      body: { error: "invalid_token" },
    });
  });
});
