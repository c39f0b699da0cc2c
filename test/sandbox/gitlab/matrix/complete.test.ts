import { World } from "../world";
import { accountTable } from "./accounts";
import { collaborationTable } from "./collaborationTable";
import { registryTable } from "./registry";
import { readTable } from "./table";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

it("every endpoint is in one of the tables of statuses", () => {
  const served = world.routes
    .filter((route) => route.includes(" /api/v4/") && !route.startsWith("HEAD "))
    .map((route) => route.replace("/api/v4", ""));
  const tables = [accountTable, collaborationTable, registryTable].flatMap(readTable);

  expect(tables.map(([endpoint]) => endpoint).toSorted()).toEqual(served.toSorted());
});
