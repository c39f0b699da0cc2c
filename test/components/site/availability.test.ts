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

  it("is made for one pod too if an autoscaler may add others", async () => {
    await createSite(engine, { autoscaling: { minReplicas: 1, maxReplicas: 2 } });

    expect(engine.find("gatsby-site-budget").type).toBe(budgetType);
  });

  it("is not made for one pod, for which it would change nothing", async () => {
    await createSite(engine, { replicas: 1 });

    expect(engine.tree().join()).not.toContain("PodDisruptionBudget");
  });
});

describe("A site's autoscaler", () => {
  it("sets the number of pods by their use of CPU", async () => {
    await createSite(engine, { autoscaling: { maxReplicas: 6 }, labels: { team: "web" } });

    const { inputs, parent } = engine.find("gatsby-site-autoscaler");
    expect(parent).toBe("gatsby-site");
    expect(inputs).toEqual({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: {
        name: "gatsby-site",
        namespace: "gatsby-site-dev",
        labels: { app: "gatsby-site", team: "web" },
      },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "gatsby-site" },
        minReplicas: 2,
        maxReplicas: 6,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
        ],
      },
    });
  });

  it("has the limits and the aim that are configured", async () => {
    const autoscaling = { minReplicas: 3, maxReplicas: 4, targetCPUUtilization: 60 };
    await createSite(engine, { autoscaling });

    expect(engine.find("gatsby-site-autoscaler").inputs.spec).toMatchObject({
      minReplicas: 3,
      maxReplicas: 4,
      metrics: [{ resource: { target: { averageUtilization: 60 } } }],
    });
  });

  it("is not made unless asked for", async () => {
    await createSite(engine);

    expect(engine.tree().join()).not.toContain("HorizontalPodAutoscaler");
  });
});
