import { podKeys } from "../../config/keys/pods";
import { findProblems, problem } from "../support/stackConfig";

const example = "pulumi config set --path 'pods.nodeSelector.disktype' ssd";

const affinityFields = "It may have `nodeAffinity`, `podAffinity` and `podAntiAffinity`.";

describe("what a cluster asks of pods", () => {
  it.each([
    [
      "pods.nodeSelector",
      { nodeSelector: { "a b": "c" } },
      'has "a b", which is not a name such as "app" or "example.com/team".',
    ],
    ["pods.labels.team", { labels: { team: "a b" } }, 'is "a b", which is not a label\'s value.'],
    ["pods.tolerations", { tolerations: {} }, "is not a list."],
    [
      "pods.tolerations.0.effect",
      { tolerations: [{ effect: "Never" }] },
      'is "Never", which is not "NoSchedule", "PreferNoSchedule" or "NoExecute".',
    ],
    ["pods.affinity", { affinity: "node" }, `is not an object. ${affinityFields}`],
    [
      "pods.affinity",
      { affinity: { nodeAfinity: {} } },
      'has "nodeAfinity". Did you mean `nodeAffinity`?',
    ],
    [
      "pods.affinity.podAffinity",
      { affinity: { podAffinity: [] } },
      "is not an object with Kubernetes' own fields.",
    ],
    ["pods.topologySpread.0.topologyKey", { topologySpread: [{}] }, "is missing."],
    [
      "pods.topologySpread.0.topologyKey",
      { topologySpread: [{ topologyKey: "a zone" }] },
      'is "a zone", which is not a label\'s name such as "topology.kubernetes.io/zone".',
    ],
    [
      "pods.topologySpread.1.maxSkew",
      { topologySpread: [{ topologyKey: "zone" }, { topologyKey: "host", maxSkew: 0 }] },
      'is "0", which is not a whole number from 1 to 1000.',
    ],
    [
      "pods.topologySpread.0.whenUnsatisfiable",
      { topologySpread: [{ topologyKey: "zone", whenUnsatisfiable: "Never" }] },
      'is "Never", which is not "ScheduleAnyway" or "DoNotSchedule".',
    ],
    [
      "pods.volumes.0",
      { volumes: [{ path: "/data" }] },
      "is not one of `secret`, `configMap` and `claim`. Name one object.",
    ],
    [
      "pods.volumes.0",
      { volumes: [{ path: "/data", secret: "a", claim: "b" }] },
      "is not one of `secret`, `configMap` and `claim`. Name one object.",
    ],
    ["pods.volumes.0.path", { volumes: [{ secret: "a" }] }, "is missing."],
    [
      "pods.volumes.0.path",
      { volumes: [{ secret: "a", path: "data" }] },
      'is "data", which is not the path of a folder, such as "/data".',
    ],
    [
      "pods.volumes.0.claim",
      { volumes: [{ claim: "A", path: "/data" }] },
      'is "A", which is not a PersistentVolumeClaim\'s name: lower-case letters, digits, `-` and `.`.',
    ],
  ])("is checked: %s in %j", (field, pods, text) => {
    expect(findProblems({ pods: JSON.stringify(pods) })).toEqual(
      problem(`\`${field}\` ${text}`, example),
    );
  });

  it.each([
    [
      "service.type",
      { type: "ExternalName" },
      'is "ExternalName", which is not "ClusterIP", "NodePort" or "LoadBalancer".',
    ],
    [
      "service.annotations",
      { annotations: { "a b": "c" } },
      'has "a b", which is not a name such as "app" or "example.com/team".',
    ],
  ])("is checked for the Service: %s in %j", (field, service, text) => {
    expect(findProblems({ service: JSON.stringify(service) })).toEqual(
      problem(`\`${field}\` ${text}`, "pulumi config set --path 'service.type' LoadBalancer"),
    );
  });

  it.each([
    [["/tmp"], "", 0],
    [["/etc/nginx/site.d"], "", 0],
    [["/data"], "/cache,/data", 0],
    [["/data", "/data"], "", 1],
  ])("mounts nothing twice: %j beside %j", (paths, writablePaths, index) => {
    const pods = JSON.stringify({ volumes: paths.map((path) => ({ secret: "a", path })) });
    expect(findProblems({ pods, writablePaths })).toEqual(
      problem(
        `\`pods.volumes\` has "${paths[0]}", in which something else is mounted already. Use another path.`,
        `pulumi config set --path 'pods.volumes[${index}].path' <path>`,
      ),
    );
  });

  it("takes Kubernetes' own rules as they are, and a spread with its numbers as text", () => {
    const affinity = { podAntiAffinity: { anything: [{ weight: 100 }] } };
    const topologySpread = [
      { topologyKey: "topology.kubernetes.io/zone", maxSkew: "2" },
      { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" },
    ];
    const parsed = podKeys.pods.parse(JSON.stringify({ affinity, topologySpread }));
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        affinity,
        topologySpread: [{ ...topologySpread[0], maxSkew: 2 }, topologySpread[1]],
      },
    });
  });
});
