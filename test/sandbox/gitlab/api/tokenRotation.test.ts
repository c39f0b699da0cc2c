import { createToken, type Token } from "../support/accessTokens";
import { World, type Answer, type Call } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const path = "/personal_access_tokens";
const unauthorized = { status: 401, body: { message: "401 Unauthorized" } };

const create = (username: string, args?: object): Promise<Token> =>
  createToken(world, username, args);

const post = (where: string, call: Call = {}): Promise<Answer> =>
  world.api(where, { method: "POST", ...call });
const remove = (where: string, call: Call = {}): Promise<Answer> =>
  world.api(where, { method: "DELETE", ...call });

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
