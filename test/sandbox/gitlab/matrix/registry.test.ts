import { registryRecipes, registryTable } from "./registry";
import { testTable } from "./table";

describe("the statuses of projects and their container registry", () => {
  testTable(registryTable, registryRecipes);
});
