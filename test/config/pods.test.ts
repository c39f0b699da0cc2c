import { findProblems, problem } from "../support/stackConfig";

const example = "pulumi config set --path 'pods.nodeSelector.disktype' ssd";

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
  ])("is checked: %s in %j", (field, pods, text) => {
    expect(findProblems({ pods: JSON.stringify(pods) })).toEqual(
      problem(`\`${field}\` ${text}`, example),
    );
  });
});
