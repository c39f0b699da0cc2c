import { DeploymentAwaiter } from "../../../../sandbox/plugins/kubernetes/await/deployment";
import { createReport } from "../../../../sandbox/plugins/kubernetes/operation";
import type { JsonObject } from "../../../../sandbox/plugins/properties";

const REVISION = "deployment.kubernetes.io/revision";

/** The rollouts of the recordings of version 4.32, event by event. */
describe("DeploymentAwaiter, as version 4.32 was recorded", () => {
  let said: string[];
  let awaiter: DeploymentAwaiter;

  const see = (kind: string, object: JsonObject) =>
    awaiter.observe(kind, { type: "MODIFIED", object });
  const deployment = (progressing: JsonObject): JsonObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "gatsby-site",
      namespace: "gatsby-site-dev",
      uid: "d",
      generation: 2,
      annotations: { [REVISION]: "2" },
    },
    status: {
      observedGeneration: 2,
      conditions: [
        { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "" },
        { type: "Progressing", ...progressing },
      ],
    },
  });
  const replicaSet = (replicas: number, readyReplicas: number): JsonObject => ({
    metadata: {
      name: "gatsby-site-77b974445",
      uid: "r",
      annotations: { [REVISION]: "2" },
      ownerReferences: [{ uid: "d" }],
    },
    spec: { replicas },
    status: { readyReplicas },
  });
  const pod = (lastEnd?: string): JsonObject => ({
    metadata: {
      name: "gatsby-site-77b974445-sqrnh",
      namespace: "gatsby-site-dev",
      ownerReferences: [{ uid: "r" }],
    },
    status: {
      phase: "Running",
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "Initialized", status: "True" },
        {
          type: "Ready",
          status: "False",
          reason: "ContainersNotReady",
          message: "containers with unready status: [gatsby-site]",
        },
      ],
      containerStatuses: [
        {
          name: "gatsby-site",
          ready: false,
          state: { running: {} },
          ...(lastEnd !== undefined && {
            lastState: { terminated: { reason: "Completed", exitCode: 0, finishedAt: lastEnd } },
          }),
        },
      ],
    },
  });

  beforeEach(() => {
    said = [];
    const status = (severity: string, _: string, message: string) =>
      said.push(`${severity}: ${message}`);
    awaiter = new DeploymentAwaiter(
      deployment({ status: "True", reason: "ReplicaSetUpdated" }),
      createReport({ engine: { log: () => undefined, status }, urn: "urn" }),
    );
    see("Deployment", deployment({ status: "True", reason: "ReplicaSetUpdated" }));
  });

  it("tells how many pods of three are there", () => {
    for (const [wanted, ready] of [
      [1, 0],
      [2, 1],
      [3, 2],
      [3, 3],
    ]) {
      see("ReplicaSet", replicaSet(wanted, ready));
    }
    see("Deployment", deployment({ status: "True", reason: "NewReplicaSetAvailable" }));

    expect(awaiter.isReady()).toBe(true);
    expect(said).toEqual([
      "info: Waiting for app ReplicaSet to be available (0/1 Pods available)",
      "info: Waiting for app ReplicaSet to be available (1/2 Pods available)",
      "info: Waiting for app ReplicaSet to be available (2/3 Pods available)",
      "info: Deployment initialization complete",
    ]);
  });

  it("names what ends the wait for a container that listens on another port", () => {
    const timedOut =
      '[ProgressDeadlineExceeded] ReplicaSet "gatsby-site-77b974445" has timed out progressing.';
    const unready =
      "[Pod gatsby-site-dev/gatsby-site-77b974445-sqrnh]: containers with unready status: [gatsby-site]";
    const ended = (time: string) =>
      `${unready}container "gatsby-site" terminated at ${time} (Completed: exit code 0)`;
    see("ReplicaSet", replicaSet(1, 0));
    see("Pod", pod());
    awaiter.remind();
    see("Pod", pod("2026-11-28T06:05:02Z"));
    awaiter.remind();
    const message = 'ReplicaSet "gatsby-site-77b974445" has timed out progressing.';
    see("Deployment", deployment({ status: "False", reason: "ProgressDeadlineExceeded", message }));
    see("Pod", pod("2026-11-28T06:06:02Z"));
    awaiter.remind();

    expect(said).toEqual([
      "info: Waiting for app ReplicaSet to be available (0/1 Pods available)",
      `warning: ${unready}`,
      `warning: ${ended("2026-11-28T06:05:02Z")}`,
      `warning: ${timedOut}`,
      `warning: ${ended("2026-11-28T06:06:02Z")}`,
    ]);
    expect(awaiter.problems()).toEqual([
      timedOut,
      "Minimum number of Pods to consider the application live was not attained",
      ended("2026-11-28T06:06:02Z"),
    ]);
  });
});
