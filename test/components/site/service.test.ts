import { FakeEngine, promiseOf, unknown } from "../../support/engine";
import { createSite, deploymentType, serviceType } from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

/** An engine whose cluster gives each Service a cluster IP, and a load balancer these addresses. */
const installBalancer = (ingress: object[], options = {}) =>
  FakeEngine.install({
    ...options,
    computed: {
      [serviceType]: ({ spec }) => ({
        spec: { ...(spec as object), clusterIP: "10.96.7.8" },
        status: { loadBalancer: ingress.length > 0 ? { ingress } : {} },
      }),
    },
  });

const skipAwait = { "pulumi.com/skipAwait": "true" };
const balancer = { type: "LoadBalancer" } as const;

describe("A site's Service", () => {
  it("has the family of addresses that the cluster prefers, as have all objects of a site", async () => {
    await createSite(engine, {
      host: "www.example.com",
      networkPolicy: "closed",
      autoscaling: { maxReplicas: 3 },
    });

    const inputs = JSON.stringify(engine.registrations.map((registered) => registered.inputs));
    expect(inputs).toContain("ClusterIP");
    // Neither a family, nor an address of one.
    expect(inputs).not.toMatch(/ipFamil|cidr|\b\d+\.\d+\.\d+\.\d+\b|::/i);
  });

  it("has the type and the annotations that are configured", async () => {
    const annotations = { "example.com/internal": "true", "pulumi.com/skipAwait": "false" };
    const service = { type: "NodePort", annotations } as const;
    const site = await createSite(engine, { service });

    expect(engine.find("gatsby-site-service").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "gatsby-site",
        namespace: "gatsby-site-dev",
        labels: { app: "gatsby-site" },
        annotations: { ...annotations, ...skipAwait },
      },
      spec: {
        type: "NodePort",
        selector: { app: "gatsby-site" },
        ports: [{ name: "http", port: 80, targetPort: "http" }],
      },
    });
    // Its nodes' addresses are not known here. The cluster's own is true for each type.
    expect(await promiseOf(site.url)).toBe("http://10.96.7.8");
  });

  it.each([
    [[{ ip: "192.0.2.7" }], "http://192.0.2.7"],
    [[{ ip: "2001:db8::7" }], "http://[2001:db8::7]"],
    [[{ hostname: "a1.elb.example.com" }, { ip: "192.0.2.7" }], "http://a1.elb.example.com"],
  ])("has its load balancer's address %j as URL", async (ingress, url) => {
    engine = await installBalancer(ingress);
    const site = await createSite(engine, { service: balancer });

    expect(await promiseOf(site.url)).toBe(url);
  });

  it("waits for its load balancer's address, once there are pods", async () => {
    engine = await installBalancer([{ ip: "192.0.2.7" }]);
    await createSite(engine, { service: balancer });

    const { inputs, request } = engine.find("gatsby-site-service");
    expect(inputs).toMatchObject({ metadata: { annotations: {} }, spec: balancer });
    expect(inputs.metadata).not.toMatchObject({ annotations: skipAwait });
    expect(request.getDependenciesList()).toContainEqual(
      expect.stringContaining(`${deploymentType}::gatsby-site`),
    );
  });

  it("waits for no address where a host leads to the site", async () => {
    const site = await createSite(engine, { service: balancer, host: "www.example.com" });

    const { inputs, request } = engine.find("gatsby-site-service");
    expect(inputs).toMatchObject({ metadata: { annotations: skipAwait }, spec: balancer });
    expect(request.getDependenciesList().join()).not.toContain(deploymentType);
    expect(await promiseOf(site.url)).toBe("http://www.example.com");
  });

  it("has no known URL in the preview of its first load balancer", async () => {
    engine = await installBalancer([], { preview: true, deployed: true });
    await createSite(engine, { service: balancer });

    expect(engine.outputsOf("gatsby-site")).toMatchObject({ url: unknown });
  });
});
