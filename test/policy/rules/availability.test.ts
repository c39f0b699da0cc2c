import { checkResource, checkStack, type TestResource, unknown } from "../support/check";
import { createDeployment } from "../support/deployment";

describe("replicas", () => {
  const check = (resource: TestResource) => checkResource("replicas", resource);

  it("refuses one pod, of a Deployment or at an autoscaler's minimum", async () => {
    expect(await check(createDeployment({}, { replicas: 1 }))).toEqual([
      "`spec.replicas` is 1. With fewer than 2, the site is gone while a node restarts. Use at least 2 in a production stack: `pulumi config set replicas 2`.",
    ]);
    const type = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
    expect(await check({ type, props: { spec: {} } })).toEqual([
      "`spec.minReplicas` is 1. With fewer than 2, the site is gone while a node restarts. Use at least 2 in the autoscaler of a production stack.",
    ]);
  });

  it("accepts two, and leaves an unknown number to the update", async () => {
    expect(await check(createDeployment())).toEqual([]);
    expect(await check(createDeployment({}, { replicas: unknown.text }))).toEqual([]);
    expect(await check(createDeployment({}, { replicas: undefined }))).toEqual([]);
  });

  it("refuses a Deployment without a number that no autoscaler sets", async () => {
    const unset = createDeployment({}, { replicas: undefined });
    const autoscaler = {
      type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
      props: { metadata: { namespace: "web" }, spec: { scaleTargetRef: { name: "web" } } },
    };
    expect(await checkStack("replicas", [unset])).toEqual([
      "web: `spec.replicas` is not set, and no autoscaler of the stack sets it: there is one pod. Use at least 2 in a production stack.",
    ]);
    expect(await checkStack("replicas", [unset, autoscaler])).toEqual([]);
  });
});

describe("disruption-budget", () => {
  const budget = (labels: unknown, namespace = "web"): TestResource => ({
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    props: { metadata: { namespace }, spec: { selector: { matchLabels: labels } } },
  });
  const check = (...resources: TestResource[]) => checkStack("disruption-budget", resources);
  const message =
    "web: No PodDisruptionBudget of the stack selects these pods: when nodes are drained, all pods may be evicted at once. Create one with `maxUnavailable: 1` and the Deployment's selector.";

  it("refuses several pods that no budget selects", async () => {
    expect(await check(createDeployment())).toEqual([message]);
    expect(await check(createDeployment(), budget({ app: "other" }))).toEqual([message]);
    expect(await check(createDeployment(), budget({ app: "web" }, "other"))).toEqual([message]);
  });

  it("accepts a budget, one that may be it, and a single pod", async () => {
    expect(await check(createDeployment(), budget({ app: "web" }))).toEqual([]);
    expect(await check(createDeployment(), budget({ app: unknown.text }))).toEqual([]);
    expect(await check(createDeployment(), budget(unknown.object, unknown.text))).toEqual([]);
    expect(await check(createDeployment({}, { replicas: 1 }))).toEqual([]);
  });
});
