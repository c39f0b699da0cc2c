import { tokenOf, World, type Answer, type Call } from "../world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

interface Token {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly user_id: number;
}

const path = "/personal_access_tokens";
const unauthorized = { status: 401, body: { message: "401 Unauthorized" } };

async function idOfUser(username: string): Promise<number> {
  return ((await world.api(`/users?username=${username}`)).body as { id: number }[])[0].id;
}

/** A token of that user's, made by an administrator. */
async function create(username: string, args: object = {}): Promise<Token> {
  const answer = await world.api(`/users/${await idOfUser(username)}${path}`, {
    method: "POST",
    as: "admin",
    json: { name: "made", scopes: ["api"], ...args },
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Token;
}

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
      user_id: await idOfUser("owner"),
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
      user_id: await idOfUser("guest"),
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
    const users = `/users/${await idOfUser("guest")}${path}`;
    expect(await post(users, { as: "admin", json })).toMatchObject({ status, body });
  });

  it("is for administrators, and for users that exist", async () => {
    const json = { name: "n", scopes: ["api"] };
    const users = `/users/${await idOfUser("owner")}${path}`;

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
      body: { scopes: ["self_rotate"], user_id: await idOfUser("guest") },
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
    const id = await idOfUser("stranger");

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

describe("rotation", () => {
  it.each(["self", "id"])("by %s puts a new token in the place of the old", async (by) => {
    const old = await create("guest", { scopes: ["api"], description: "d" });
    const answer = await post(`${path}/${by === "id" ? old.id : by}/rotate`, { token: old.token });

    const rotated = answer.body as Token;
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: old.id + 1,
        name: "made",
        description: "d",
        scopes: ["api"],
        active: true,
        expires_at: "2027-01-08",
        token: expect.stringMatching(/^glpat-/) as string,
      },
    });
    expect(await world.api("/user", { token: rotated.token })).toMatchObject({ status: 200 });
    expect(await world.api("/user", { token: old.token })).toMatchObject({
      status: 401,
      body: { error_description: "Token was revoked. You have to re-authorize from the user." },
    });
  });

  it("takes a day, within a year", async () => {
    const { token } = await create("guest");
    const rotate = (expires_at: string): Promise<Answer> =>
      post(`${path}/self/rotate`, { token, json: { expires_at } });

    expect(await rotate("2028-01-02")).toMatchObject({
      status: 400,
      body: { message: "400 Bad request - Expires at must be before 2028-01-01" },
    });
    expect(await rotate("soon")).toMatchObject({ status: 400 });
    expect(await rotate("2027-07-01")).toMatchObject({
      status: 200,
      body: { expires_at: "2027-07-01" },
    });
  });

  it("of oneself is allowed to scope `self_rotate`, which opens nothing else", async () => {
    const { token } = await create("guest", { scopes: ["self_rotate"] });

    expect(await world.api("/user", { token })).toMatchObject({ status: 403 });
    const { token: reader } = await create("guest", { scopes: ["read_api"] });
    expect(await post(`${path}/self/rotate`, { token: reader })).toMatchObject({
      status: 403,
      body: { error: "insufficient_scope" },
    });
    expect(await post(`${path}/self/rotate`, { token })).toMatchObject({ status: 200 });
  });

  it("of others is the administrators' matter", async () => {
    const { id } = await create("guest");

    expect(await post(`${path}/${id}/rotate`, { as: "owner" })).toMatchObject(unauthorized);
    expect(await post(`${path}/${id}/rotate`, { as: "admin" })).toMatchObject({ status: 200 });
    expect(await post(`${path}/${id}/rotate`, { as: "admin" })).toMatchObject({
      status: 400,
      body: { message: "400 Bad request - Token already revoked" },
    });
    expect(await post(`${path}/999999/rotate`, { as: "admin" })).toMatchObject({ status: 404 });
    expect(await post(`${path}/999999/rotate`, { as: "owner" })).toMatchObject(unauthorized);
  });

  it("with a token that was rotated already ends all that came of it", async () => {
    const first = await create("guest");
    const second = (await post(`${path}/self/rotate`, { token: first.token })).body as Token;
    const third = (await post(`${path}/self/rotate`, { token: second.token })).body as Token;
    const other = await create("guest");

    // Any other use of the dead token does no harm.
    await world.api("/user", { token: first.token });
    expect(await world.api("/user", { token: third.token })).toMatchObject({ status: 200 });
    expect(await post(`${path}/self/rotate`, { token: first.token })).toMatchObject({
      status: 401,
    });

    expect(await world.api("/user", { token: third.token })).toMatchObject({
      status: 401,
      body: { error: "invalid_token" },
    });
    expect(await world.api("/user", { token: other.token })).toMatchObject({ status: 200 });
  });

  it("of an expired token by its owner's other one gives a live one", async () => {
    const { id } = await create("guest", { expires_at: "2026-12-31" });

    expect(await post(`${path}/${id}/rotate`, { as: "guest" })).toMatchObject({
      status: 200,
      body: { active: true },
    });
  });
});

describe("revocation", () => {
  it.each(["api", "read_user", "read_registry"])("of itself is open to scope %s", async (scope) => {
    const { token } = await create("guest", { scopes: [scope] });

    expect(await remove(`${path}/self`, { token })).toMatchObject({ status: 204, text: "" });
    expect(await world.api(`${path}/self`, { token })).toMatchObject({ status: 401 });
    expect(await world.jwtAuth("", `x:${token}`)).toMatchObject({ status: 401 });
  });

  it("of others' tokens is refused, except to administrators", async () => {
    const { id, token } = await create("guest");

    expect(await remove(`${path}/${id}`, { as: "owner" })).toMatchObject({
      status: 400,
      body: { message: "400 Bad request" },
    });
    expect(await world.api("/user", { token })).toMatchObject({ status: 200 });
    expect(await remove(`${path}/${id}`, { as: "admin" })).toMatchObject({ status: 204 });
    expect(await world.api("/user", { token })).toMatchObject({ status: 401 });
    expect(await remove(`${path}/999999`, { as: "owner" })).toMatchObject({
      status: 404,
      body: { message: "404 Not found" },
    });
  });

  it("is kept over a restart", async () => {
    const { id, token } = await create("guest");
    await remove(`${path}/${id}`, { as: "guest" });

    await world.restart();

    expect(await world.api("/user", { token })).toMatchObject({ status: 401 });
    expect((await world.api(`${path}/${id}`, { as: "guest" })).body).toMatchObject({
      revoked: true,
      active: false,
    });
  });
});
