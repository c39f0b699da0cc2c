import { World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("GET /user", () => {
  it("describes the token's owner", async () => {
    const { body } = await world.api("/user", { as: "developer" });

    expect(body).toEqual({
      id: expect.any(Number) as number,
      username: "developer",
      name: "The developer",
      state: "active",
      locked: false,
      bot: false,
      avatar_url: null,
      public_email: null,
      web_url: `${world.url}/developer`,
      created_at: world.now.toISOString(),
      email: "developer@example.com",
      commit_email: "developer@example.com",
      bio: "",
      location: "",
      identities: [],
      confirmed_at: world.now.toISOString(),
      can_create_group: true,
      can_create_project: true,
      external: false,
      private_profile: false,
      two_factor_enabled: false,
    });
  });

  it("tells administrators that they are", async () => {
    expect((await world.api("/user", { as: "admin" })).body).toMatchObject({ is_admin: true });
  });
});

describe("GET /users", () => {
  const names = (body: unknown): string[] =>
    (body as { username: string }[]).map(({ username }) => username);

  it("finds one by name in any case, for everybody", async () => {
    const { body } = await world.api("/users?username=DEVELOPER");

    expect(body).toEqual([
      {
        id: expect.any(Number) as number,
        username: "developer",
        public_email: null,
        name: "The developer",
        state: "active",
        locked: false,
        avatar_url: null,
        web_url: `${world.url}/developer`,
      },
    ]);
    expect((await world.api("/users?username=nobody")).body).toEqual([]);
  });

  it("lists all, the newest first, for who is signed in", async () => {
    const { body } = await world.api("/users", { as: "guest" });

    expect(names(body)).toEqual([
      ...["admin", "stranger", "owner", "maintainer", "developer", "reporter", "guest"],
    ]);
    expect(await world.api("/users")).toMatchObject({
      status: 403,
      body: { message: "403 Forbidden - Not authorized to access /api/v4/users" },
    });
  });

  it.each([
    ["The d", ["developer"]],
    ["OWNER", ["owner"]],
    ["guest@example.com", ["guest"]],
    ["guest@example", []],
  ])("searches for %j", async (search, found) => {
    const { body } = await world.api(`/users?search=${encodeURIComponent(search)}`, {
      as: "guest",
    });

    expect(names(body)).toEqual(found);
  });

  it("tells administrators more", async () => {
    expect((await world.api("/users?username=owner", { as: "admin" })).body).toMatchObject([
      { username: "owner", email: "owner@example.com", is_admin: false },
    ]);
  });
});

describe("GET /users/:id", () => {
  it("describes a user to who is signed in", async () => {
    const { id } = (await world.api("/user", { as: "owner" })).body as { id: number };

    const { body } = await world.api(`/users/${id}`, { as: "guest" });

    expect(body).toMatchObject({ id, username: "owner", bot: false });
    expect(body).not.toHaveProperty("email");
    expect((await world.api(`/users/${id}`, { as: "admin" })).body).toHaveProperty("email");
    expect(await world.api(`/users/${id}`)).toMatchObject({
      status: 403,
      body: { message: "403 Forbidden - Not authorized!" },
    });
  });

  it.each([
    ["9999", { message: "404 User Not Found" }],
    ["owner", { error: "404 Not Found" }],
  ])("answers 404 for %s", async (id, body) => {
    expect(await world.api(`/users/${id}`, { as: "guest" })).toMatchObject({ status: 404, body });
  });
});
