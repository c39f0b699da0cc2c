import * as k8s from "@pulumi/kubernetes";

import { GatsbySite } from "../../../components/site/gatsbySite";
import { computeUniqueName } from "../../../components/site/uniqueName";
import { FakeEngine, promiseOf, unknown } from "../../support/engine";
import {
  createSite,
  deploymentOf,
  deploymentType,
  pullSecret,
  siteImage,
} from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

/** `Kind namespace/name` of all objects, sorted. */
function listObjects({ registrations }: FakeEngine): string[] {
  return registrations
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => {
      const { name, namespace } = inputs.metadata as Record<string, string>;
      return `${String(inputs.kind)} ${namespace}/${name}`;
    })
    .sort();
}

describe("GatsbySite", () => {
  it("makes everything that a site needs, below itself", async () => {
    await createSite(engine, { pullSecret, host: "www.example.com" });

    expect(engine.tree()).toEqual([
      "kubernetes:apps/v1:Deployment gatsby-site < gatsby-site",
      "kubernetes:core/v1:Namespace gatsby-site-namespace < gatsby-site",
      "kubernetes:core/v1:Secret gatsby-site-pull < gatsby-site-pull",
      "kubernetes:core/v1:Service gatsby-site-service < gatsby-site",
      "kubernetes:core/v1:ServiceAccount gatsby-site-account < gatsby-site",
      "kubernetes:networking.k8s.io/v1:Ingress gatsby-site-ingress < gatsby-site",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy gatsby-site-network < gatsby-site",
      "kubernetes:policy/v1:PodDisruptionBudget gatsby-site-budget < gatsby-site",
      "slipway:index:GatsbySite gatsby-site < stack",
      "slipway:index:PullSecret gatsby-site-pull < gatsby-site",
    ]);
  });

  it("leaves out what nobody asked for", async () => {
    await createSite(engine, { namespace: "web", replicas: 1, networkPolicy: "none" });

    expect(engine.tree()).toEqual([
      "kubernetes:apps/v1:Deployment gatsby-site < gatsby-site",
      "kubernetes:core/v1:Service gatsby-site-service < gatsby-site",
      "kubernetes:core/v1:ServiceAccount gatsby-site-account < gatsby-site",
      "slipway:index:GatsbySite gatsby-site < stack",
    ]);
    expect(deploymentOf(engine).metadata).toMatchObject({ namespace: "web" });
    expect(deploymentOf(engine).pod).not.toHaveProperty("imagePullSecrets");
  });

  it("makes a namespace that accepts restricted pods only", async () => {
    await createSite(engine);

    expect(engine.find("gatsby-site-namespace").inputs.metadata).toEqual({
      name: "gatsby-site-dev",
      labels: { app: "gatsby-site", "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  it("gives the pods an account without a token", async () => {
    await createSite(engine);

    expect(engine.find("gatsby-site-account").inputs).toMatchObject({
      metadata: { name: "gatsby-site", namespace: "gatsby-site-dev" },
      automountServiceAccountToken: false,
    });
  });

  it("keeps the credentials in the pull secret", async () => {
    await createSite(engine, { pullSecret: { ...pullSecret, secretName: "other" } });

    expect(engine.clearText()).not.toContain("gldt-1");
    expect(deploymentOf(engine).pod).toMatchObject({ imagePullSecrets: [{ name: "other" }] });
    expect(engine.find("gatsby-site-pull", "kubernetes:core/v1:Secret").inputs.metadata).toEqual({
      name: "other",
      namespace: "gatsby-site-dev",
    });
  });

  it("registers its public fields as outputs", async () => {
    await createSite(engine);

    expect(engine.outputsOf("gatsby-site")).toEqual({
      url: "http://10.96.7.8",
      namespace: "gatsby-site-dev",
      deployment: "gatsby-site",
      replicas: 2,
    });
    expect(engine.find("gatsby-site", "slipway:index:GatsbySite").inputs).toEqual({});
  });

  it("shares nothing with another stack's site in a namespace that both use", async () => {
    const environment = { publicConfig: {}, isIndexed: false };
    const all = { namespace: "web", pullSecret, environment, host: "www.example.com" };
    await createSite(engine, all);
    await createSite(engine, all, "docs");
    const ofDev = listObjects(engine);
    engine = await FakeEngine.install({ stack: "prod" });
    await createSite(engine, all);
    const ofProd = listObjects(engine);

    expect(ofProd).toEqual([
      "ConfigMap web/gatsby-site-prod-environment",
      "Deployment web/gatsby-site-prod",
      "Ingress web/gatsby-site-prod",
      "PodDisruptionBudget web/gatsby-site-prod",
      "Secret web/gitlab-registry-gatsby-site-prod",
      "Service web/gatsby-site-prod",
      "ServiceAccount web/gatsby-site-prod",
    ]);
    const everything = [...ofDev, ...ofProd];
    expect(new Set(everything).size).toBe(21);
    expect(deploymentOf(engine).pod).toMatchObject({
      imagePullSecrets: [{ name: "gitlab-registry-gatsby-site-prod" }],
      volumes: [{ name: "tmp" }, { configMap: { name: "gatsby-site-prod-environment" } }],
    });
    // A Service finds the pods of its own Deployment alone.
    const selector = { app: "gatsby-site-prod" };
    expect(deploymentOf(engine).spec).toMatchObject({
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector } },
    });
    expect(engine.find("gatsby-site-service").inputs.spec).toMatchObject({ selector });
  });

  it("takes another name for the pull secret", async () => {
    await createSite(engine, {
      namespace: "web",
      pullSecret: { ...pullSecret, secretName: "other" },
    });

    expect(deploymentOf(engine).pod).toMatchObject({ imagePullSecrets: [{ name: "other" }] });
  });

  it("stands twice in one program", async () => {
    await createSite(engine);
    await createSite(engine, {}, "docs");

    expect(new Set(engine.tree()).size).toBe(14);
    expect(deploymentOf(engine, "docs").metadata).toMatchObject({
      name: "docs",
      namespace: "gatsby-site-docs-dev",
    });
    expect(deploymentOf(engine, "docs").spec.selector).toEqual({ matchLabels: { app: "docs" } });
  });

  it("hands a provider on to everything in the cluster", async () => {
    const cluster = new k8s.Provider("cluster", {});
    const args = { image: siteImage, pullSecret, host: "www.example.com" };
    new GatsbySite("gatsby-site", args, { providers: [cluster] });
    await engine.settle();

    const used = engine.registrations
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ provider }) => provider);
    expect(used).toEqual(Array(8).fill("cluster"));
  });
});

describe("GatsbySite.whenReady", () => {
  it("withholds a value until the Deployment's pods are ready", async () => {
    let release = () => {};
    const rollout = new Promise<object>((resolve) => (release = () => resolve({})));
    engine = await FakeEngine.install({ computed: { [deploymentType]: () => rollout } });
    const site = new GatsbySite("gatsby-site", { image: siteImage });
    const handedOut = jest.fn();
    const value = promiseOf(site.whenReady("value")).then(handedOut);

    await promiseOf(site.url);
    expect(handedOut).not.toHaveBeenCalled();

    release();
    await value;
    expect(handedOut).toHaveBeenCalledWith("value");
    await engine.settle();
  });
});

describe("GatsbySite in a preview", () => {
  it("shows an image as unknown that is not built yet", async () => {
    engine = await FakeEngine.install({ preview: true });
    const { unknown: notKnown } = await import("@pulumi/pulumi");
    await createSite(engine, { image: notKnown as unknown as string });

    expect(deploymentOf(engine).pod.containers[0].image).toBe(unknown);
  });
});

describe("computeUniqueName", () => {
  it.each([
    [["gatsby-site", "gatsby-site", "dev"], "gatsby-site-dev"],
    [["marketing", "docs", "prod"], "marketing-docs-prod"],
    [["Marketing_Site", "gatsby-site", "feature.x"], "marketing-site-gatsby-site-feature-x"],
    [["_site", "_site", "dev-"], "site-dev"],
  ])("makes %j %s", (parts, expected) => {
    expect(computeUniqueName(...parts)).toBe(expected);
  });
});
