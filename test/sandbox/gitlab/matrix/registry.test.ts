import { registryRecipes, registryTable } from "./registry";
import { MatrixWorld } from "./matrixWorld";
import { readTable } from "./table";

const world = new MatrixWorld();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("the statuses of projects and their container registry", () => {
  it.each(readTable(registryTable))(
    "%s",
    async (endpoint, line) => {
      expect(await world.probeRow(endpoint, registryRecipes[endpoint])).toBe(line);
    },
    30_000,
  );
});
