import { FakeEngine } from "../../support/engine";
import { createSite } from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

const budgetType = "kubernetes:policy/v1:PodDisruptionBudget";

describe("A site's PodDisruptionBudget", () => {
  it("lets a drain of nodes evict one pod after the other", async () => {
    await createSite(engine, { labels: { team: "web" } });

    const { inputs, parent } = engine.find("gatsby-site-budget", budgetType);
    expect(parent).toBe("gatsby-site");
    expect(inputs).toEqual({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: {
        name: "gatsby-site",
        namespace: "gatsby-site-dev",
        labels: { app: "gatsby-site", team: "web" },
      },
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: { app: "gatsby-site" } },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    });
  });

  it("is not made for one pod, which no node could be drained of then", async () => {
    await createSite(engine, { replicas: 1 });

    expect(engine.tree().join()).not.toContain("PodDisruptionBudget");
  });
});
