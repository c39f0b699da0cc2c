import * as pulumi from "@pulumi/pulumi";

import { findLastReplicas } from "../../../components/site/replicas";
import { FakeEngine } from "../../support/engine";
import { createSite, deploymentOf, deploymentType } from "../../support/site";

let engine: FakeEngine;
let info: jest.SpiedFunction<typeof pulumi.log.info>;

beforeEach(async () => {
  engine = await FakeEngine.install();
  info = jest.spyOn(pulumi.log, "info").mockResolvedValue();
});
afterEach(() => {
  delete process.env.PULUMI_K8S_ENABLE_PATCH_FORCE;
  jest.restoreAllMocks();
});

/** An engine on whose cluster something else has set the number of pods. */
function installScaled(replicas: number) {
  return FakeEngine.install({
    computed: { [deploymentType]: ({ spec }) => ({ spec: { ...(spec as object), replicas } }) },
  });
}

describe("The number of a site's pods", () => {
  it("is left to others while `replicas` stays what the last update declared", async () => {
    await createSite(engine, { replicas: 3, lastReplicas: 3 });

    expect(deploymentOf(engine)).toMatchObject({
      ignoreChanges: ["spec.replicas"],
      spec: { replicas: 3 },
    });
  });

  it("is left to others by default too", async () => {
    await createSite(engine, { lastReplicas: 2 });

    expect(deploymentOf(engine).ignoreChanges).toEqual(["spec.replicas"]);
  });

  it.each([
    ["it has changed", { replicas: 4, lastReplicas: 3 }],
    ["what the last update declared is unknown", { replicas: 3 }],
  ])("is that of `replicas` when %s", async (_, args) => {
    await createSite(engine, args);

    expect(deploymentOf(engine)).toMatchObject({
      ignoreChanges: [],
      spec: { replicas: args.replicas },
    });
  });

  it("is that of `replicas` when the provider takes fields from others", async () => {
    process.env.PULUMI_K8S_ENABLE_PATCH_FORCE = "true";
    await createSite(engine, { replicas: 3, lastReplicas: 3 });

    expect(deploymentOf(engine).ignoreChanges).toEqual([]);
  });

  it.each([
    ["a new site", {}],
    ["a site whose number was declared", { lastReplicas: 3 }],
    ["a site that has an autoscaler already", { lastReplicas: "autoscaler" }],
  ] as const)("is left to an autoscaler, for %s", async (_, last) => {
    engine = await installScaled(5);
    await createSite(engine, { autoscaling: { maxReplicas: 6 }, replicas: 1, ...last });

    const { ignoreChanges, metadata, spec } = deploymentOf(engine);
    expect(ignoreChanges).toEqual(["spec.replicas"]);
    // What a Deployment begins with that does not exist yet: never without a number, which would be 1.
    expect(spec.replicas).toBe(2);
    expect(engine.outputsOf("gatsby-site")).toMatchObject({ replicas: 2 });
    // The update waits long enough for as many as there may be.
    expect(metadata).toMatchObject({ annotations: { "pulumi.com/timeoutSeconds": "390" } });
    expect(info).not.toHaveBeenCalled();
  });

  it("is left to an autoscaler when the provider takes fields from others", async () => {
    process.env.PULUMI_K8S_ENABLE_PATCH_FORCE = "true";
    await createSite(engine, { autoscaling: { maxReplicas: 6 } });

    expect(deploymentOf(engine).ignoreChanges).toEqual(["spec.replicas"]);
  });

  it("stays what an autoscaler left when that goes, and is reported", async () => {
    engine = await installScaled(5);
    await createSite(engine, { replicas: 3, lastReplicas: "autoscaler" });

    expect(deploymentOf(engine).ignoreChanges).toEqual(["spec.replicas"]);
    expect(info.mock.calls.map(([text]) => text)).toEqual([
      "`gatsby-site` keeps 5 pods: its autoscaler, which this update deletes, left that number. To return to the 3 of `replicas`:\n    kubectl --namespace gatsby-site-dev scale deployment gatsby-site --replicas 3",
    ]);
  });

  it("is reported when something else has set it, with the command that returns to `replicas`", async () => {
    engine = await installScaled(5);
    await createSite(engine, { lastReplicas: 2 });

    expect(info.mock.calls.map(([text]) => text)).toEqual([
      "`gatsby-site` keeps 5 pods: something else set that number, such as `kubectl scale` or an autoscaler. To return to the 2 of `replicas`:\n    kubectl --namespace gatsby-site-dev scale deployment gatsby-site --replicas 2",
    ]);
  });

  it("is not reported when it is that of `replicas`", async () => {
    await createSite(engine, { lastReplicas: 2 });

    expect(info).not.toHaveBeenCalled();
  });
});

describe("findLastReplicas", () => {
  const component = {
    urn: "urn:pulumi:dev::web::slipway:index:GatsbySite::gatsby-site",
    type: "slipway:index:GatsbySite",
    outputs: { replicas: 2 },
  };
  const deployment = {
    urn: "urn:pulumi:dev::web::slipway:index:GatsbySite$kubernetes:apps/v1:Deployment::gatsby-site",
    type: deploymentType,
    outputs: { spec: { replicas: 5 } },
  };

  it("reads what the component declared, whatever runs", () => {
    expect(findLastReplicas("gatsby-site", [component, deployment])).toBe(2);
  });

  it("knows the stack's autoscaler", () => {
    const type = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
    const urn = `urn:pulumi:dev::web::slipway:index:GatsbySite$${type}::gatsby-site-autoscaler`;
    const autoscaler = { urn, type, outputs: {} };
    expect(findLastReplicas("gatsby-site", [component, deployment, autoscaler])).toBe("autoscaler");
    expect(findLastReplicas("docs", [autoscaler])).toBeUndefined();
  });

  it("takes what ran after an update that recorded nothing", () => {
    expect(findLastReplicas("gatsby-site", [{ ...component, outputs: {} }, deployment])).toBe(5);
  });

  it("knows nothing of a new stack, nor of another site", () => {
    expect(findLastReplicas("gatsby-site", [])).toBeUndefined();
    expect(findLastReplicas("docs", [component, deployment])).toBeUndefined();
  });
});
