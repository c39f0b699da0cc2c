import { createToken, idOfUser, type Token } from "../support/accessTokens";
import { tokenOf, World, type Answer, type Call } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const path = "/personal_access_tokens";
const unauthorized = { status: 401, body: { message: "401 Unauthorized" } };

const idOf = (username: string): Promise<number> => idOfUser(world, username);
const create = (username: string, args?: object): Promise<Token> =>
  createToken(world, username, args);

const post = (where: string, call: Call = {}): Promise<Answer> =>
  world.api(where, { method: "POST", ...call });
const remove = (where: string, call: Call = {}): Promise<Answer> =>
  world.api(where, { method: "DELETE", ...call });

describe("GET /personal_access_tokens/self", () => {
  it("describes the token, without its value", async () => {
    const answer = await world.api(`${path}/self`, { token: tokenOf("owner", "mortal") });

    expect(answer.body).toEqual({
      id: expect.any(Number) as number,
      name: "mortal",
      revoked: false,
      created_at: world.now.toISOString(),
      description: null,
      scopes: ["api"],
      user_id: await idOf("owner"),
      last_used_at: world.now.toISOString(),
      active: true,
      expires_at: "2027-01-02",
    });
  });

  it("has no day of expiry for one that lives on", async () => {
    expect((await world.api(`${path}/self`, { as: "owner" })).body).toMatchObject({
      expires_at: null,
    });
  });
});

describe("POST /users/:user_id/personal_access_tokens", () => {
  it("makes a token that works, and gives its value once", async () => {
    const made = await create("guest", {
      description: "for a test",
      scopes: ["read_api", "read_user"],
      expires_at: "2027-03-01",
    });

    expect(made).toEqual({
      id: made.id,
      name: "made",
      revoked: false,
      created_at: world.now.toISOString(),
      description: "for a test",
      scopes: ["read_api", "read_user"],
      user_id: await idOf("guest"),
      last_used_at: null,
      active: true,
      expires_at: "2027-03-01",
      token: expect.stringMatching(/^glpat-[\w-]{20,}$/) as string,
    });
    expect((await world.api("/user", { token: made.token })).body).toMatchObject({
      username: "guest",
    });
    const again = await world.api(`${path}/${made.id}`, { as: "admin" });
    expect(again).toMatchObject({ status: 200, body: { id: made.id } });
    expect(again.text).not.toContain(made.token);
  });

  it("gives it a year when it isn't told how long", async () => {
    expect(await create("guest")).toMatchObject({ expires_at: "2028-01-01" });
  });

  it.each([
    [{}, 400, { error: "name is missing, scopes is missing" }],
    [{ name: "n", scopes: ["all"] }, 400, { error: "scopes does not have a valid value" }],
    [{ name: "n", scopes: ["api"], expires_at: "soon" }, 400, { error: "expires_at is invalid" }],
    [{ name: " ", scopes: [] }, 422, { message: "Name can't be blank and Scopes can't be blank" }],
    [
      { name: "n", scopes: ["api"], expires_at: "2028-01-02" },
      422,
      { message: "Expires at must be before 2028-01-01" },
    ],
  ])("refuses %j with %i", async (json, status, body) => {
    const users = `/users/${await idOf("guest")}${path}`;
    expect(await post(users, { as: "admin", json })).toMatchObject({ status, body });
  });

  it("is for administrators, and for users that exist", async () => {
    const json = { name: "n", scopes: ["api"] };
    const users = `/users/${await idOf("owner")}${path}`;

    expect(await post(users, { as: "owner", json })).toMatchObject({
      status: 403,
      body: { message: "403 Forbidden" },
    });
    expect(await post(users, { json })).toMatchObject(unauthorized);
    expect(await post(`/users/9999${path}`, { as: "admin", json })).toMatchObject({
      status: 404,
      body: { message: "404 User Not Found" },
    });
  });
});

describe("POST /user/personal_access_tokens", () => {
  it("makes one of little use for oneself", async () => {
    const json = { name: "mine", scopes: ["self_rotate"] };
    const answer = await post(`/user${path}`, { as: "guest", json });

    expect(answer).toMatchObject({
      status: 201,
      body: { scopes: ["self_rotate"], user_id: await idOf("guest") },
    });
    expect(
      await post(`/user${path}`, { as: "guest", json: { ...json, scopes: ["api"] } }),
    ).toMatchObject({ status: 400, body: { error: "scopes does not have a valid value" } });
  });
});

describe("GET /personal_access_tokens", () => {
  const names = (answer: Answer): string[] => (answer.body as Token[]).map(({ name }) => name);

  it("lists one's own, and to administrators all or those of one user", async () => {
    const mine = await world.api(`${path}?per_page=100`, { as: "stranger" });
    const id = await idOf("stranger");

    expect(names(mine)).toEqual([
      ...["api", "read_api", "read_user", "read_registry", "write_registry", "mortal"],
    ]);
    expect((mine.body as Token[]).every((token) => token.user_id === id)).toBe(true);
    const all = await world.api(path, { as: "admin" });
    expect(Number(all.headers["x-total"])).toBeGreaterThan(40);
    const byUser = await world.api(`${path}?user_id=${id}`, { as: "admin" });
    expect((byUser.body as Token[]).map((token) => token.id)).toEqual(
      (mine.body as Token[]).map((token) => token.id),
    );
    expect(await world.api(`${path}?user_id=${id}`, { as: "stranger" })).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ["owner", "?user_id=1", 401],
    ["nobody", "", 401],
    ["admin", "?user_id=9999", 404],
    ["admin", "?user_id=", 404],
    ["admin", "?user_id=one", 400],
    ["owner", "?state=dead", 400],
    ["owner", "?revoked=perhaps", 400],
    ["owner", "?created_after=soon", 400],
  ] as const)("answers %s asking for %j with %i", async (as, query, status) => {
    expect(await world.api(path + query, { as })).toMatchObject({ status });
  });

  describe("with filters", () => {
    beforeAll(async () => {
      const args = { expires_at: "2027-02-01" };
      await create("reporter", { name: "long life", expires_at: "2027-06-01" });
      world.now = new Date("2027-01-01T12:00:01.000Z");
      const { token } = await create("reporter", { ...args, name: "short life" });
      await world.api("/user", { token });
      const { id } = await create("reporter", { ...args, name: "no life" });
      await remove(`${path}/${id}`, { as: "reporter" });
      world.now = noon;
    });

    it.each([
      ["search=LIFE", ["long life", "short life", "no life"]],
      ["search=life&revoked=true", ["no life"]],
      ["search=life&state=active", ["long life", "short life"]],
      ["search=life&state=inactive", ["no life"]],
      ["search=life&expires_before=2027-02-01", []],
      ["search=life&expires_before=2027-02-02", ["short life", "no life"]],
      ["search=life&expires_after=2027-02-02", ["long life"]],
      ["search=life&created_after=2027-01-01T12:00:01Z", ["short life", "no life"]],
      ["search=life&created_before=2027-01-01T12:00:00Z", ["long life"]],
      ["search=life&last_used_after=2020-01-01", ["short life"]],
      ["search=life&sort=name_asc", ["long life", "no life", "short life"]],
      ["search=life&sort=name_desc", ["short life", "no life", "long life"]],
      ["search=life&sort=expires_desc", ["long life", "no life", "short life"]],
      ["search=life&sort=size", ["long life", "short life", "no life"]],
    ])("finds with %s", async (query, found) => {
      expect(names(await world.api(`${path}?${query}`, { as: "reporter" }))).toEqual(found);
    });
  });
});

describe("GET /personal_access_tokens/:id", () => {
  it("tells administrators alone that there is none", async () => {
    const { id } = await create("guest");

    expect(await world.api(`${path}/${id}`, { as: "guest" })).toMatchObject({ body: { id } });
    expect(await world.api(`${path}/${id}`, { as: "admin" })).toMatchObject({ body: { id } });
    expect(await world.api(`${path}/${id}`, { as: "owner" })).toMatchObject(unauthorized);
    for (const none of ["999999", "none"]) {
      expect(await world.api(`${path}/${none}`, { as: "owner" })).toMatchObject(unauthorized);
      expect(await world.api(`${path}/${none}`, { as: "admin" })).toMatchObject({
        status: 404,
        body: { message: "404 Not Found" },
      });
    }
  });
});
