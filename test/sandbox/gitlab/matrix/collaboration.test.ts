import { collaborationRecipes } from "./collaborationRecipes";
import { collaborationTable } from "./collaborationTable";
import { MatrixWorld } from "./matrixWorld";
import { readTable } from "./table";

const world = new MatrixWorld();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("the statuses of merge requests, deployments, pipelines and members", () => {
  it.each(readTable(collaborationTable))(
    "%s",
    async (endpoint, line) => {
      expect(await world.probeRow(endpoint, collaborationRecipes[endpoint])).toBe(line);
    },
    30_000,
  );
});
