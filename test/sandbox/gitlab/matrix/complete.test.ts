import { World } from "../support/world";
import { accountRecipes, accountTable } from "./accounts";
import { collaborationRecipes } from "./collaborationRecipes";
import { collaborationTable } from "./collaborationTable";
import { registryRecipes, registryTable } from "./registry";
import { readTable } from "./table";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const endpoints = [accountTable, collaborationTable, registryTable]
  .flatMap(readTable)
  .map(([endpoint]) => endpoint);

it("every endpoint is in one of the tables of statuses", () => {
  const served = world.routes
    .filter((route) => route.includes(" /api/v4/") && !route.startsWith("HEAD "))
    .map((route) => route.replace("/api/v4", ""));

  expect(endpoints.toSorted()).toEqual(served.toSorted());
});

it("every recipe is for one of them", () => {
  const recipes = { ...accountRecipes, ...collaborationRecipes, ...registryRecipes };

  expect(Object.keys(recipes).filter((endpoint) => !endpoints.includes(endpoint))).toEqual([]);
});
