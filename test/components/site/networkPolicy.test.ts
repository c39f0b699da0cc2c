import { FakeEngine } from "../../support/engine";
import { createSite, deploymentOf } from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("A site's NetworkPolicy", () => {
  it("lets requests to the pods' port in, from anywhere, and nothing out", async () => {
    await createSite(engine, { labels: { team: "web" }, containerPort: 80 });

    const { inputs, parent } = engine.find("gatsby-site-network", policyType);
    expect(parent).toBe("gatsby-site");
    expect(inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "gatsby-site",
        namespace: "gatsby-site-dev",
        labels: { app: "gatsby-site", team: "web" },
      },
      spec: {
        podSelector: { matchLabels: { app: "gatsby-site" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [{ port: "http", protocol: "TCP" }] }],
      },
    });
    // The port that the policy names is one of the pods' own.
    expect(deploymentOf(engine).pod.containers[0]).toMatchObject({
      ports: [{ name: "http", containerPort: 80 }],
    });
  });

  it.each([
    [{ networkPolicy: "none" }, 0],
    [{ webServer: "image" }, 0],
    [{ namespace: "web" }, 0],
    [{ namespace: "web", networkPolicy: "closed" }, 1],
    [{ webServer: "image", networkPolicy: "closed" }, 1],
  ] as const)("is made or left out as configured: %j", async (args, count) => {
    jest.spyOn(console, "warn").mockReturnValue();
    await createSite(engine, args);
    jest.restoreAllMocks();

    expect(engine.tree().filter((line) => line.includes("NetworkPolicy"))).toHaveLength(count);
  });
});
