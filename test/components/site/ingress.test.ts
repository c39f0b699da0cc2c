import { FakeEngine, promiseOf, unknown } from "../../support/engine";
import { createSite, serviceType } from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

describe("A site's Service and Ingress", () => {
  it("answers on port 80 without waiting for pods", async () => {
    const site = await createSite(engine);

    expect(engine.find("gatsby-site-service").inputs).toMatchObject({
      metadata: {
        name: "gatsby-site",
        namespace: "gatsby-site-dev",
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        type: "ClusterIP",
        selector: { app: "gatsby-site" },
        ports: [{ name: "http", port: 80, targetPort: "http" }],
      },
    });
    expect(await promiseOf(site.url)).toBe("http://10.96.7.8");
  });

  it("writes an IPv6 address as URLs do", async () => {
    engine = await FakeEngine.install({
      computed: { [serviceType]: () => ({ spec: { clusterIP: "fd00::7" } }) },
    });
    expect(await promiseOf((await createSite(engine)).url)).toBe("http://[fd00::7]");
  });

  it("knows no address in the preview of a first deployment, whatever the dry run returns", async () => {
    engine = await FakeEngine.install({ preview: true });
    await createSite(engine);

    expect(engine.outputsOf("gatsby-site")).toMatchObject({ url: unknown });
  });

  it("knows the address of a Service that exists in a preview", async () => {
    engine = await FakeEngine.install({ preview: true, deployed: true });
    await createSite(engine);

    expect(engine.outputsOf("gatsby-site")).toMatchObject({ url: "http://10.96.7.8" });
  });

  it("knows no address of a Service without one", async () => {
    engine = await FakeEngine.install({
      preview: true,
      computed: { [serviceType]: () => ({ spec: { type: "ClusterIP" } }) },
    });
    await createSite(engine);

    expect(engine.outputsOf("gatsby-site")).toMatchObject({ url: unknown });
  });

  it("serves a host through an Ingress", async () => {
    const site = await createSite(engine, { host: "www.example.com" });

    const { metadata, spec } = engine.find("gatsby-site-ingress").inputs;
    expect(metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
    expect(spec).toEqual({
      rules: [
        {
          host: "www.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "gatsby-site", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    });
    expect(await promiseOf(site.url)).toBe("http://www.example.com");
  });

  it("serves it over TLS with a certificate", async () => {
    const site = await createSite(engine, {
      host: "www.example.com",
      tlsSecret: "www-tls",
      ingressClass: "nginx",
    });

    expect(engine.find("gatsby-site-ingress").inputs.spec).toMatchObject({
      ingressClassName: "nginx",
      tls: [{ hosts: ["www.example.com"], secretName: "www-tls" }],
    });
    expect(await promiseOf(site.url)).toBe("https://www.example.com");
  });

  it("leads to the pages below the site's path prefix alone", async () => {
    const pathPrefix = "/docs/v1";
    const site = await createSite(engine, { host: "www.example.com", tlsSecret: "a", pathPrefix });

    expect(engine.find("gatsby-site-ingress").inputs.spec).toMatchObject({
      rules: [{ http: { paths: [{ path: pathPrefix, pathType: "Prefix" }] } }],
    });
    expect(await promiseOf(site.url)).toBe("https://www.example.com/docs/v1");
    const inside = await createSite(engine, { pathPrefix }, "inside");
    expect(await promiseOf(inside.url)).toBe("http://10.96.7.8/docs/v1");
  });

  it("has the annotations that its controller reads", async () => {
    const ingressAnnotations = { "cert-manager.io/cluster-issuer": "letsencrypt" };
    await createSite(engine, { host: "www.example.com", ingressAnnotations });

    expect(engine.find("gatsby-site-ingress").inputs.metadata).toMatchObject({
      annotations: { ...ingressAnnotations, "pulumi.com/skipAwait": "true" },
    });
    expect(engine.find("gatsby-site-service").inputs.metadata).toMatchObject({
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  });
});
