import { renderSummary } from "../../../cli/progress/summary";

const outputs = { url: "https://www.example.com", digest: "sha256:02" };
const facts = { permalink: undefined, promotions: ["npx slipway promote dev staging"] };

describe("the summary of an update", () => {
  it("says where the site is, what it runs, what changed and what to do next", () => {
    const changes = { same: 20, update: 4, replace: 1, create: 2, delete: 3, read: 1 };
    const formerOutputs = { ...outputs, digest: "sha256:01" };
    expect(renderSummary({ changes, formerOutputs, outputs }, facts)).toBe(
      [
        "site:    https://www.example.com",
        "image:   sha256:02",
        "changes: 2 created, 4 updated, 1 replaced, 3 deleted, 20 unchanged",
        "next:    npx slipway promote dev staging",
      ].join("\n"),
    );
  });

  it("suggests nothing for the same image, and has the page of Pulumi Cloud", () => {
    const permalink = "https://app.pulumi.com/company/site/dev/updates/7";
    const result = { changes: { same: 25 }, formerOutputs: outputs, outputs };
    expect(renderSummary(result, { ...facts, permalink })).toBe(
      [
        "site:    https://www.example.com",
        "image:   sha256:02",
        "changes: 25 unchanged",
        `details: ${permalink}`,
      ].join("\n"),
    );
  });

  it("leaves out what a program of one's own does not export", () => {
    const result = { changes: {}, formerOutputs: {}, outputs: { url: 7 } };
    expect(renderSummary(result, { ...facts, promotions: [] })).toBe("");
  });
});
