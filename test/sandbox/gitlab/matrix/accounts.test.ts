import { accountRecipes, accountTable } from "./accounts";
import { testTable } from "./table";

describe("the statuses of users, tokens and deploy tokens", () => {
  testTable(accountTable, accountRecipes);
});
