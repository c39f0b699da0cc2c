import { accountRecipes, accountTable } from "./accounts";
import { MatrixWorld } from "./matrixWorld";
import { readTable } from "./table";

const world = new MatrixWorld();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("the statuses of users, tokens and deploy tokens", () => {
  it.each(readTable(accountTable))(
    "%s",
    async (endpoint, line) => {
      expect(await world.probeRow(endpoint, accountRecipes[endpoint])).toBe(line);
    },
    30_000,
  );
});
