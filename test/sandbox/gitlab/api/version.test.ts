import { World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("GET /version", () => {
  it("names the release that is simulated", async () => {
    expect((await world.api("/version", { as: "guest" })).body).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      revision: "simulator",
    });
  });
});
