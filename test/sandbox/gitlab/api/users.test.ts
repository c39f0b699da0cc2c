import { World } from "../world";

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
