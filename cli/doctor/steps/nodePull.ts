import type { Kubectl } from "../kubectl";
import type { ClusterEvent, ObjectList, Pod } from "../../kubernetesObjects";
import { findPodProblem, type PodFinding } from "../pods/podFindings";
import { podSelector, renderPullPod } from "../pullPod";
import { findPullSecret } from "../siteObjects";
import type { Outcome, Step } from "../step";

const pollMs = 1_000;
const patienceMs = 40_000;

/** A pod that pulls the site's image on a node, with the pull secret: DNS, TCP, TLS and login as the node has them. */
export const nodePullStep: Step = {
  id: "node",
  title: "Pull on a node",
  failure: "cluster",
  needsStack: true,
  dependsOn: ["repository", "pull-secret"],
  limitSeconds: 60,
  run: async (inspection) => {
    if (inspection.request.pod === false) return { leftOut: "`--no-pod`" };
    const image = inspection.find("image");
    const secret = findPullSecret(inspection.get("state"));
    if (image === undefined || secret === undefined) return { leftOut: "nothing is deployed yet" };
    const kubectl = inspection.get("kubectl");
    const inNamespace = ["--namespace", secret.namespace];
    // Those of runs that were killed.
    await remove(kubectl, ["--selector", podSelector, ...inNamespace]);
    const pod = renderPullPod({ ...image, namespace: secret.namespace, pullSecret: secret.name });
    const target = [pod.metadata.name, ...inNamespace];
    return withRemoval(
      () => remove(kubectl, target),
      async () => {
        const { code, stderr } = await kubectl.create(pod);
        if (code !== 0)
          return { leftOut: `no pod can be created: ${stderr.trim().split("\n").at(-1)}` };
        return watchPull(kubectl, target);
      },
    );
  },
};

function remove(kubectl: Kubectl, target: readonly string[]) {
  return kubectl.run(["delete", "pod", ...target, "--ignore-not-found", "--wait=false", "--now"]);
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Removes the pod afterwards, also if this process is asked to end meanwhile. */
async function withRemoval<T>(
  removePod: () => Promise<unknown>,
  use: () => Promise<T>,
): Promise<T> {
  const signals = Object.keys(signalNumbers) as (keyof typeof signalNumbers)[];
  const onSignal = (signal: keyof typeof signalNumbers): void => {
    void removePod().finally(() => process.exit(128 + signalNumbers[signal]));
  };
  for (const signal of signals) process.once(signal, onSignal);
  try {
    return await use();
  } finally {
    await removePod();
    for (const signal of signals) process.off(signal, onSignal);
  }
}

async function watchPull(kubectl: Kubectl, target: readonly string[]): Promise<Outcome> {
  const [name = "", ...inNamespace] = target;
  const end = Date.now() + patienceMs;
  let last: PodFinding | undefined;
  while (Date.now() < end) {
    const [pod, events] = await Promise.all([
      kubectl.read<Pod>(["get", "pod", ...target]),
      kubectl.read<ObjectList<ClusterEvent>>(["get", "events", ...inNamespace]),
    ]);
    const own = (events?.items ?? []).filter(({ involvedObject }) => involvedObject.name === name);
    if (own.some(({ reason }) => reason === "Pulled") || hasStarted(pod)) {
      return { detail: "pulled, with the pull secret" };
    }
    last = pod && findPodProblem(pod, own);
    if (last?.isPermanent) break;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const waited = {
    cause: `A pod that pulls the image did not start within ${patienceMs / 1000} seconds.`,
    remedy: `kubectl get events ${inNamespace.join(" ")}`,
  };
  return { findings: [last ?? waited] };
}

function hasStarted(pod: Pod | undefined): boolean {
  const [status] = pod?.status?.containerStatuses ?? [];
  return status?.state?.running !== undefined || status?.state?.terminated !== undefined;
}
