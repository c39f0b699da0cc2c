import { tryArbitraryRequests } from "./support/arbitraryRequests";
import { World } from "./support/world";

const { SLIPWAY_REQUESTS: runs = "1500", SLIPWAY_SEED: seed } = process.env;
const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("the simulator", () => {
  it(`survives ${runs} arbitrary requests without a defect, and tells no secret`, async () => {
    await tryArbitraryRequests(world, Number(runs), seed === undefined ? undefined : Number(seed));

    expect(await world.api("/user", { as: "owner" })).toMatchObject({ status: 200 });
  }, 300_000);
});
