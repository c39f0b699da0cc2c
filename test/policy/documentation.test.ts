import { readFileSync } from "node:fs";

import { renderPolicyPage } from "../../policy/documentation";

describe("docs/policy.md", () => {
  it("is as the rules say: `npm run generate` writes it", () => {
    expect(readFileSync("docs/policy.md", "utf8")).toBe(renderPolicyPage());
  });
});
