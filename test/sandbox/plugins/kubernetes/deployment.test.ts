import { DeploymentAwaiter } from "../../../../sandbox/plugins/kubernetes/await/deployment";
import { podProblem } from "../../../../sandbox/plugins/kubernetes/await/pod";
import { KubernetesProvider } from "../../../../sandbox/plugins/kubernetes/kubernetes";
import { nameOf, namespaceOf } from "../../../../sandbox/plugins/kubernetes/object";
import { omit } from "../../../../sandbox/plugins/properties";
import type { JsonObject } from "../../../../sandbox/plugins/properties";
import { ApiServer } from "../support/apiServer";
import { CallError, PluginClient } from "../support/pluginClient";
import { recorded } from "../support/recordings";

const REVISION = "deployment.kubernetes.io/revision";
const PULL_MESSAGE =
  'Back-off pulling image "localhost:5050/none/none:missing": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "localhost:5050/none/none:missing": failed to resolve reference "localhost:5050/none/none:missing": localhost:5050/none/none:missing: not found';

/** A Deployment at a revision, as its controller reports it. */
function deployment(revision: number, conditions: JsonObject[], observed = revision): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "site",
      namespace: "web",
      uid: "deployment-uid",
      generation: revision,
      annotations: { [REVISION]: String(revision) },
    },
    status: { observedGeneration: observed, conditions },
  };
}

function replicaSet(revision: number, replicas: number, readyReplicas: number): JsonObject {
  return {
    metadata: {
      name: `site-${String(revision)}`,
      uid: `replica-set-${String(revision)}`,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [{ uid: "deployment-uid" }],
    },
    spec: { replicas },
    status: { readyReplicas },
  };
}

function pod(revision: number, status: JsonObject): JsonObject {
  return {
    metadata: {
      name: `site-${String(revision)}-abcde`,
      namespace: "web",
      ownerReferences: [{ uid: `replica-set-${String(revision)}` }],
    },
    status,
  };
}

/** The status of a pod whose image can't be pulled, as kubelet 1.34 reports it. */
function waiting(reason: string, message: string): JsonObject {
  return {
    phase: "Pending",
    conditions: [
      { type: "PodScheduled", status: "True" },
      { type: "Initialized", status: "True" },
      {
        type: "Ready",
        status: "False",
        reason: "ContainersNotReady",
        message: "containers with unready status: [site]",
      },
    ],
    containerStatuses: [{ name: "site", ready: false, state: { waiting: { reason, message } } }],
  };
}

const available = (status: string): JsonObject => ({
  type: "Available",
  status,
  reason: status === "True" ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
  message:
    status === "True"
      ? "Deployment has minimum availability."
      : "Deployment does not have minimum availability.",
});
const progressing = (status: string, reason: string, message = ""): JsonObject => ({
  type: "Progressing",
  status,
  reason,
  message,
});

describe("DeploymentAwaiter", () => {
  let said: string[];
  let awaiter: DeploymentAwaiter;

  beforeEach(() => {
    said = [];
    awaiter = new DeploymentAwaiter(deployment(1, [], 0), (severity, message) =>
      said.push(`${severity}: ${message}`),
    );
  });

  const see = (kind: string, object: JsonObject) =>
    awaiter.observe(kind, { type: "MODIFIED", object });

  it("follows a first creation as recorded", () => {
    see(
      "Deployment",
      deployment(1, [available("False"), progressing("True", "NewReplicaSetCreated")]),
    );
    see("ReplicaSet", replicaSet(1, 1, 0));
    expect(awaiter.isReady()).toBe(false);

    see("ReplicaSet", replicaSet(1, 1, 1));
    see(
      "Deployment",
      deployment(1, [available("True"), progressing("True", "NewReplicaSetAvailable")]),
    );

    expect(awaiter.isReady()).toBe(true);
    expect(said).toEqual([
      "warning: [MinimumReplicasUnavailable] Deployment does not have minimum availability.",
      "info: Waiting for app ReplicaSet to be available (0/1 Pods available)",
      "info: Deployment initialization complete",
    ]);
  });

  it("does not take the status of the generation before for the present one's", () => {
    const old = [available("True"), progressing("True", "NewReplicaSetAvailable")];
    see("ReplicaSet", replicaSet(1, 1, 1));
    see("Deployment", {
      ...deployment(1, old),
      metadata: { ...(deployment(1, []).metadata as JsonObject), generation: 2 },
    });

    expect(awaiter.isReady()).toBe(false);
  });

  it("waits for the new revision's pods while the old ones serve", () => {
    const conditions = [available("True"), progressing("True", "ReplicaSetUpdated")];
    see("ReplicaSet", replicaSet(1, 2, 2));
    see("Deployment", deployment(2, conditions));
    expect(awaiter.isReady()).toBe(false);

    see("ReplicaSet", replicaSet(2, 2, 1));
    see("ReplicaSet", replicaSet(2, 2, 2));
    expect(awaiter.isReady()).toBe(false);

    see(
      "Deployment",
      deployment(2, [available("True"), progressing("True", "NewReplicaSetAvailable")]),
    );
    expect(awaiter.isReady()).toBe(true);
  });

  it("names the recorded reasons of an image that can't be pulled", () => {
    see("ReplicaSet", replicaSet(2, 2, 0));
    see("Pod", pod(1, waiting("CrashLoopBackOff", "of the revision before")));
    see("Pod", pod(2, waiting("ImagePullBackOff", PULL_MESSAGE)));
    const timedOut = 'ReplicaSet "site-2" has timed out progressing.';
    see(
      "Deployment",
      deployment(2, [
        available("True"),
        progressing("False", "ProgressDeadlineExceeded", timedOut),
      ]),
    );
    awaiter.remind();

    expect(awaiter.isReady()).toBe(false);
    const image = `[Pod web/site-2-abcde]: containers with unready status: [site][ImagePullBackOff] ${PULL_MESSAGE}`;
    expect(awaiter.problems()).toEqual([
      `[ProgressDeadlineExceeded] ${timedOut}`,
      "Minimum number of Pods to consider the application live was not attained",
      image,
    ]);
    expect(said.at(-1)).toBe(`warning: ${image}`);
  });

  it("forgets a pod that is gone", () => {
    see("ReplicaSet", replicaSet(2, 1, 0));
    see("Deployment", deployment(2, [available("False")]));
    see("Pod", pod(2, waiting("ErrImagePull", "not found")));
    awaiter.observe("Pod", { type: "DELETED", object: pod(2, {}) });

    expect(awaiter.problems()).toEqual([
      "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
      "Minimum number of live Pods was not attained",
    ]);
  });
});

describe("podProblem", () => {
  it.each<[string, JsonObject, string | undefined]>([
    [
      "a pod that waits for a node",
      {
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" },
        ],
      },
      undefined,
    ],
    [
      "a container that is being made",
      waiting("ContainerCreating", ""),
      "[Pod web/site-1-abcde]: containers with unready status: [site]",
    ],
    ["a ready pod", { conditions: [{ type: "Ready", status: "True" }] }, undefined],
    [
      "a crash",
      {
        ...waiting("CrashLoopBackOff", "back-off 10s"),
        containerStatuses: [
          {
            name: "site",
            ready: false,
            state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
            lastState: {
              terminated: { reason: "Error", exitCode: 1, finishedAt: "2026-01-01T00:00:00Z" },
            },
          },
        ],
      },
      '[Pod web/site-1-abcde]: containers with unready status: [site][CrashLoopBackOff] back-off 10s\ncontainer "site" terminated at 2026-01-01T00:00:00Z (Error: exit code 1)',
    ],
  ])("tells what is wrong with %s", (_, status, problem) => {
    expect(podProblem(pod(1, status))).toBe(problem);
  });
});

describe("a Deployment that does not become ready", () => {
  it("ends the update with the recorded error, and keeps what there is in the state", async () => {
    const server = new ApiServer();
    await server.start();
    const plugin = await PluginClient.start((engine) => new KubernetesProvider(engine));
    await plugin.call("Configure", { args: { kubeconfig: server.kubeconfig } });
    const [, { request, errors }] = recorded("Update").find(
      ([, call]) => call.errors !== undefined,
    )!;
    const olds = request.olds as JsonObject;
    const live = omit(olds, ["__inputs", "__fieldManager", "__initialApiVersion"]);
    const namespace = `namespaces/${namespaceOf(live)}`;
    server.put(`/apis/apps/v1/${namespace}/deployments/${nameOf(live)}`, live);
    server.admit = () => live;

    try {
      const update = plugin.call("Update", { ...request, timeout: 0.2 });
      const failure: unknown = await update.catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(CallError);
      const { message, detail } = failure as CallError;
      expect(message).toBe(errors![0].replace("rpc error: code = Unknown desc = ", ""));
      expect(detail).toMatchObject({
        id: request.id,
        reasons: [
          message,
          "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
        ],
        properties: { ...live, __inputs: request.news, __fieldManager: olds.__fieldManager },
      });
    } finally {
      plugin.stop();
      await server.stop();
    }
  });
});
