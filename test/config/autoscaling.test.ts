import { siteKeys } from "../../config/keys/site";
import { findProblems, problem } from "../support/stackConfig";

const example = "pulumi config set --path 'autoscaling.maxReplicas' 6";
const autoscaling = '{"maxReplicas":6}';

describe("autoscaling", () => {
  it("needs no more than the greatest number of pods", () => {
    expect(findProblems({ autoscaling })).toEqual([]);
    expect(siteKeys.autoscaling.parse(autoscaling)).toEqual({
      ok: true,
      value: { minReplicas: 2, maxReplicas: 6, targetCPUUtilization: 80 },
    });
    expect(siteKeys.autoscaling.parse("{}")).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ["autoscaling.maxReplicas", { minReplicas: 2 }, "is missing."],
    [
      "autoscaling.maxReplicas",
      { maxReplicas: 1, minReplicas: 1 },
      'is "1", which is not a whole number from 2 to 1000.',
    ],
    [
      "autoscaling.minReplicas",
      { maxReplicas: 3, minReplicas: 0 },
      'is "0", which is not a whole number from 1 to 1000.',
    ],
    [
      "autoscaling.targetCPUUtilization",
      { maxReplicas: 3, targetCPUUtilization: "80%" },
      'is "80%", which is not a whole number from 1 to 1000.',
    ],
    [
      "autoscaling",
      { maxReplicas: "3", minReplicas: "4" },
      "has the `maxReplicas` 3, fewer than the least number of pods, 4.",
    ],
    [
      "autoscaling",
      { maxReplicas: 3, min: 2 },
      'has "min". It may have `minReplicas`, `maxReplicas` and `targetCPUUtilization`.',
    ],
  ])("is checked: %s in %j", (field, value, text) => {
    expect(findProblems({ autoscaling: JSON.stringify(value) })).toEqual(
      problem(`\`${field}\` ${text}`, example),
    );
  });

  it("leaves no place for a number of one's own", () => {
    expect(findProblems({ autoscaling, replicas: "3" })).toEqual(
      problem(
        "`replicas` is 3, which has no effect with `autoscaling`: the autoscaler sets the number of pods. Remove it; its place is taken by `autoscaling.minReplicas`.",
        "pulumi config rm replicas",
      ),
    );
    expect(findProblems({ autoscaling, replicas: "" })).toEqual([]);
  });

  it("needs an amount of CPU to compare with", () => {
    const resources = '{"requests":{"memory":"64Mi"}}';
    expect(findProblems({ autoscaling, resources })).toEqual(
      problem(
        "`resources.requests.cpu` is missing. With `autoscaling` it is what the pods' use of CPU is compared with.",
        "pulumi config set --path 'resources.requests.cpu' 25m",
      ),
    );
    expect(findProblems({ resources })).toEqual([]);
    for (const part of ["requests", "limits"]) {
      const given = JSON.stringify({ [part]: { cpu: "100m" } });
      expect(findProblems({ autoscaling, resources: given })).toEqual([]);
    }
  });
});
