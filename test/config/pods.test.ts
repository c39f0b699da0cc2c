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
