import { findTokensInUse } from "../../../components/release/tokensInUse";
import { FakeEngine } from "../../support/engine";

describe("findTokensInUse", () => {
  it("reads what the stack's last update left", async () => {
    const outputs = { pushTokenExpiresAt: "2027-03-17T00:00:00Z", url: "http://10.96.7.8" };
    await FakeEngine.install({ stacks: { "organization/gatsby-site/dev": { outputs } } });

    expect(await findTokensInUse()).toEqual({ push: "2027-03-17T00:00:00Z" });
  });

  it("knows of none where nothing was deployed", async () => {
    await FakeEngine.install({ stack: "other", stacks: {} });

    expect(await findTokensInUse()).toEqual({});
  });
});
