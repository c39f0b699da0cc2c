import { explain } from "../explain";
import type { Finding } from "../step";
import type { ClusterEvent, ContainerStatus, Pod } from "../../kubernetesObjects";

/** Why a pod is not ready. */
export interface PodFinding extends Finding {
  /** Whether waiting does not help: what was tried fails again for the same reason. */
  readonly isPermanent: boolean;
  /** A container whose own log has the cause: its name. */
  readonly crashed?: string;
}

const pullReasons = [
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "ImageInspectError",
  "RegistryUnavailable",
];
/**
 * Restarts after which a crash is no accident of the start, such as a name that DNS did not know yet. The kubelet
 * waits 10, 20, 40 seconds between them, so that takes about half a minute.
 */
const certainRestarts = 3;

/** A pod without a network, or without one of its volumes, starts no container, and only events say why. */
const startReasons = ["FailedCreatePodSandBox", "FailedMount"];
const createReasons = ["CreateContainerConfigError", "CreateContainerError", "RunContainerError"];

/**
 * Says why a pod is not ready; undefined if it is, or if nothing is known yet.
 *
 * @param events the pod's own, oldest first
 */
export function findPodProblem(pod: Pod, events: readonly ClusterEvent[]): PodFinding | undefined {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const { message = "", reason } = pod.status ?? {};
  const unscheduled = conditions.find(
    ({ reason: why, type }) => type === "PodScheduled" && why === "Unschedulable",
  );
  if (unscheduled) return describe("No node can run the pod", unscheduled.message ?? "");
  if (reason === "Evicted") return describe("The pod was evicted", message);
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const finding = findContainerProblem(status, events);
    if (finding !== undefined) return finding;
  }
  const failed = events.filter(({ reason: why }) => why && startReasons.includes(why));
  const last = failed.at(-1)?.message;
  const hasBegun = containerStatuses.some(({ state }) => state?.running !== undefined);
  return last === undefined || hasBegun ? undefined : describe("The pod does not start", last);
}

function findContainerProblem(
  status: ContainerStatus,
  events: readonly ClusterEvent[],
): PodFinding | undefined {
  const { image = "", lastState, name, ready = false, state } = status;
  const { message = "", reason = "" } = state?.waiting ?? {};
  if (pullReasons.includes(reason)) {
    const missing = findMessages(events, "FailedToRetrieveImagePullSecret");
    const finding = describePull(image, reason, [
      message,
      ...findMessages(events, "Failed"),
      ...missing,
    ]);
    const isFirst = missing.length > 0 && countFailedPulls(events) < 2;
    return { ...finding, isPermanent: finding.isPermanent && !isFirst };
  }
  if (createReasons.includes(reason))
    return describe(`The container \`${name}\` can't start`, message);
  const ended = state?.terminated ?? lastState?.terminated;
  if (!ready && ended !== undefined && (ended.exitCode !== 0 || reason === "CrashLoopBackOff")) {
    return describeCrash(status, ended);
  }
  const [probe] = findMessages(events, "Unhealthy");
  if (!ready && state?.running !== undefined && probe !== undefined) {
    return describe(`The container \`${name}\` runs, but is not ready`, probe);
  }
  return undefined;
}

function describeCrash(
  { name, restartCount = 0 }: ContainerStatus,
  {
    exitCode,
    message = "",
    reason = "",
  }: NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>,
): PodFinding {
  const isPermanent = restartCount >= certainRestarts;
  if (reason === "OOMKilled" || /exec|no such file|permission denied/i.test(message)) {
    return {
      ...describe(`The container \`${name}\` does not run`, message || reason),
      isPermanent,
    };
  }
  return {
    cause: `The container \`${name}\` ends with exit code ${exitCode} as soon as it is started (${restartCount + 1} times).`,
    remedy: "The end of its log has the cause.",
    isPermanent,
    crashed: name,
  };
}

/** Several messages tell of one failed pull. The secret that is missing explains the others. */
function describePull(image: string, reason: string, texts: readonly string[]): PodFinding {
  const text =
    texts.find((one) => /Unable to retrieve some image pull secrets/.test(one)) ?? texts.join("\n");
  const explanation = explain(text) ?? explain(reason);
  const cause = findCauseLine(texts);
  return {
    cause: `The node can't pull \`${image}\`. ${explanation?.means ?? ""}`.trim(),
    remedy:
      explanation?.next ??
      "kubectl describe pod, and give its message to: slipway doctor --explain",
    lines: cause === undefined ? [] : [cause],
    isPermanent: explain(texts.join("\n"))?.endsPull ?? false,
  };
}

/** The end of the longest message, which is the cause: the kubelet puts what it was doing before it. */
function findCauseLine(texts: readonly string[]): string | undefined {
  const [longest] = texts
    .filter((text) => /fail|error|denied|not found/i.test(text))
    .sort((one, other) => other.length - one.length);
  return longest?.replace(/^.*failed to resolve reference "[^"]*": /s, "").replace(/\s+/g, " ");
}

function describe(what: string, message: string): PodFinding {
  const explanation = explain(message);
  return {
    cause: `${what}. ${explanation?.means ?? message}`.trim(),
    remedy: explanation?.next ?? "kubectl describe pod",
    lines: message === "" ? [] : [message],
    isPermanent: false,
  };
}

/**
 * How often pulling has failed. A kubelet that has not read the pull secret yet pulls without, and is refused; its second
 * pull, ten seconds later, has the secret.
 */
function countFailedPulls(events: readonly ClusterEvent[]): number {
  return events
    .filter(
      ({ message = "", reason }) => reason === "Failed" && /^Failed to pull image/.test(message),
    )
    .reduce((sum, { count }) => sum + (count ?? 1), 0);
}

/** Messages of the events with a reason, the newest first. */
function findMessages(events: readonly ClusterEvent[], reason: string): string[] {
  return events
    .filter((event) => event.reason === reason)
    .flatMap(({ message }) => message ?? [])
    .reverse();
}
