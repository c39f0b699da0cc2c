import { tryArbitraryRequests } from "../sandbox/gitlab/support/arbitraryRequests";
import { World } from "../sandbox/gitlab/support/world";

const { SLIPWAY_REQUESTS: runs = "100000", SLIPWAY_SEED: seed } = process.env;
const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("the GitLab simulator", () => {
  it(`survives ${runs} arbitrary requests without a defect, and tells no secret`, async () => {
    await tryArbitraryRequests(world, Number(runs), seed === undefined ? undefined : Number(seed));

    expect(await world.api("/user", { as: "owner" })).toMatchObject({ status: 200 });
  }, 3_600_000);
});
