import type { CheckedResource } from "../rule";
import { inProduction, readNumber, type Rule } from "../rule";
import { readEntries, readPath, readText, unknownValue, type Value } from "../values";
import { findKind, findPod, mayShareNamespace } from "../workload";

const defaultMinimum = 2;
const scaled = ["Deployment", "StatefulSet"];

/** More than one pod in production. */
export const replicas: Rule = {
  name: "replicas",
  description: "A Deployment in production has at least two pods.",
  remedy: "Raise `replicas`, or the autoscaler's minimum.",
  levels: inProduction,
  settings: {
    minimum: { type: "integer", minimum: 1, description: "Least number of pods; 2 if not set." },
  },
  findProblems: (resource, context) => {
    const minimum = readNumber(context, "minimum", defaultMinimum);
    const kind = findKind(resource) ?? "";
    const remedy = `With fewer than ${minimum}, the site is gone while a node restarts.`;
    if (kind === "HorizontalPodAutoscaler") {
      const least = readPath(resource.properties, "spec", "minReplicas") ?? 1;
      return typeof least === "number" && least < minimum
        ? [
            `\`spec.minReplicas\` is ${least}. ${remedy} Use at least ${minimum} in the autoscaler of a production stack.`,
          ]
        : [];
    }
    const count = readPath(resource.properties, "spec", "replicas");
    return scaled.includes(kind) && typeof count === "number" && count < minimum
      ? [
          `\`spec.replicas\` is ${count}. ${remedy} Use at least ${minimum} in a production stack: \`pulumi config set replicas ${minimum}\`.`,
        ]
      : [];
  },
  findStackProblems: (resources, context) => {
    const minimum = readNumber(context, "minimum", defaultMinimum);
    return resources
      .filter((resource) => scaled.includes(findKind(resource) ?? ""))
      .filter(({ properties }) => {
        // Kubernetes fills in 1.
        const count = readPath(properties, "spec", "replicas");
        return count === undefined || count === null;
      })
      .filter((workload) => minimum > 1 && findAutoscaler(workload, resources) === undefined)
      .map(({ urn }) => ({
        urn,
        message: `\`spec.replicas\` is not set, and no autoscaler of the stack sets it: there is one pod. Use at least ${minimum} in a production stack.`,
      }));
  },
};

/** A drain of nodes leaves pods running. */
export const disruptionBudget: Rule = {
  name: "disruption-budget",
  description: "A Deployment in production with several pods has a PodDisruptionBudget.",
  remedy: "Create a PodDisruptionBudget whose selector finds the pods.",
  levels: inProduction,
  findStackProblems: (resources) =>
    resources
      .filter((resource) => scaled.includes(findKind(resource) ?? ""))
      .filter((workload) => {
        const count = readPath(workload.properties, "spec", "replicas");
        const isScaled = findAutoscaler(workload, resources) !== undefined;
        return isScaled || (typeof count === "number" && count > 1);
      })
      .filter((workload) => !resources.some((budget) => isBudgetOf(budget, workload)))
      .map(({ urn }) => ({
        urn,
        message:
          "No PodDisruptionBudget of the stack selects these pods: when nodes are drained, all pods may be evicted at once. Create one with `maxUnavailable: 1` and the Deployment's selector.",
      })),
};

function findAutoscaler(
  workload: CheckedResource,
  resources: readonly CheckedResource[],
): CheckedResource | undefined {
  const name = readText(workload.properties, "metadata", "name");
  return resources.find((resource) => {
    if (findKind(resource) !== "HorizontalPodAutoscaler") return false;
    const target = readPath(resource.properties, "spec", "scaleTargetRef", "name");
    return mayShareNamespace(resource, workload) && mayBe(target, name);
  });
}

function isBudgetOf(budget: CheckedResource, workload: CheckedResource): boolean {
  if (findKind(budget) !== "PodDisruptionBudget" || !mayShareNamespace(budget, workload)) {
    return false;
  }
  const selector = readPath(budget.properties, "spec", "selector");
  if (selector === unknownValue) return true;
  const labels = readPath(findPod(workload), "metadata", "labels");
  return readEntries(selector, "matchLabels").every(([label, value]) =>
    mayBe(readPath(labels, label), value),
  );
}

/** Whether two values are the same, or may be because one is unknown. */
function mayBe(one: Value, other: Value): boolean {
  return one === other || one === unknownValue || other === unknownValue;
}
