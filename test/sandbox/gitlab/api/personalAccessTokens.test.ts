import { tokenOf, World } from "../world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("GET /personal_access_tokens/self", () => {
  it("describes the token, without its value", async () => {
    const answer = await world.api("/personal_access_tokens/self", {
      token: tokenOf("owner", "mortal"),
    });
    const user = (await world.api("/user", { as: "owner" })).body as { id: number };

    expect(answer.body).toEqual({
      id: expect.any(Number) as number,
      name: "mortal",
      revoked: false,
      created_at: world.now.toISOString(),
      description: null,
      scopes: ["api"],
      user_id: user.id,
      last_used_at: world.now.toISOString(),
      active: true,
      expires_at: "2027-01-02",
    });
  });

  it("has no day of expiry for one that lives on", async () => {
    expect((await world.api("/personal_access_tokens/self", { as: "owner" })).body).toMatchObject({
      expires_at: null,
    });
  });
});
