import { FakeEngine } from "../../support/engine";
import { createSite, deploymentOf } from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

describe("What a cluster asks of a site's pods", () => {
  it("places and marks the pods, and the Service still finds them", async () => {
    const tolerations = [{ key: "dedicated", operator: "Exists", effect: "NoSchedule" }] as const;
    await createSite(engine, {
      environment: {},
      pods: {
        nodeSelector: { disktype: "ssd" },
        tolerations,
        priorityClass: "web",
        labels: { team: "web", app: "other" },
        annotations: { "example.com/scrape": "false" },
      },
    });

    const { pod, spec } = deploymentOf(engine);
    expect(pod).toMatchObject({
      nodeSelector: { disktype: "ssd" },
      tolerations,
      priorityClassName: "web",
    });
    expect(spec).toMatchObject({
      template: {
        metadata: {
          labels: { team: "web", app: "gatsby-site" },
          annotations: {
            "example.com/scrape": "false",
            "checksum/environment": expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          },
        },
      },
    });
  });

  it("places the pods by Kubernetes' own rules, and spreads them as configured", async () => {
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "arch", operator: "Exists" }] }],
        },
      },
    };
    const [hostname, zone] = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];
    await createSite(engine, {
      pods: {
        affinity,
        topologySpread: [
          { topologyKey: zone, maxSkew: 2, whenUnsatisfiable: "DoNotSchedule" },
          { topologyKey: hostname },
        ],
      },
    });

    const others = {
      labelSelector: { matchLabels: { app: "gatsby-site" } },
      matchLabelKeys: ["pod-template-hash"],
    };
    const { pod } = deploymentOf(engine);
    expect(pod).toMatchObject({ affinity });
    expect(pod).toHaveProperty("topologySpreadConstraints", [
      { topologyKey: zone, maxSkew: 2, whenUnsatisfiable: "DoNotSchedule", ...others },
      { topologyKey: hostname, maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway", ...others },
    ]);
  });

  it("leaves the spread to the scheduler on demand", async () => {
    await createSite(engine, { pods: { topologySpread: [] } });
    expect(deploymentOf(engine).pod).toHaveProperty("topologySpreadConstraints", []);
  });

  it("mounts existing objects, to be read alone unless told otherwise", async () => {
    await createSite(engine, {
      pods: {
        volumes: [
          { secret: "maps", path: "/data/maps" },
          { configMap: "texts", path: "/data/texts" },
          { claim: "downloads", path: "/srv/downloads", readOnly: false },
        ],
      },
    });

    const { pod } = deploymentOf(engine);
    expect(pod.volumes.slice(1)).toEqual([
      { name: "extra-1", secret: { secretName: "maps" } },
      { name: "extra-2", configMap: { name: "texts" } },
      { name: "extra-3", persistentVolumeClaim: { claimName: "downloads" } },
    ]);
    expect(pod.containers[0].volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "extra-1", mountPath: "/data/maps", readOnly: true },
      { name: "extra-2", mountPath: "/data/texts", readOnly: true },
      { name: "extra-3", mountPath: "/srv/downloads", readOnly: false },
    ]);
  });
});
