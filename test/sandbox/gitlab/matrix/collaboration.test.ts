import { collaborationRecipes } from "./collaborationRecipes";
import { collaborationTable } from "./collaborationTable";
import { testTable } from "./table";

describe("the statuses of merge requests, deployments, pipelines and members", () => {
  testTable(collaborationTable, collaborationRecipes);
});
