import { explain } from "../explain";
import type { Kubectl } from "../kubectl";
import type { SiteObjects } from "../siteObjects";
import type { Finding } from "../step";
import {
  type ClusterEvent,
  type Deployment,
  formatSelector,
  type ObjectList,
  type Pod,
  type ReplicaSet,
} from "../../kubernetesObjects";
import { findPodProblem, type PodFinding } from "./podFindings";

/** Lines of a crashed container's log that are shown. */
const logLines = 10;

/** How often a log is asked for, and the time in between. */
const logAttempts = 3;
const logPauseMs = 1_000;

/** How far a site's rollout is, and why it does not go on. */
export interface Rollout {
  readonly deployment: Deployment;
  /** Pods of the newest ReplicaSet. */
  readonly pods: readonly Pod[];
  readonly findings: readonly PodFinding[];
}

const revision = "deployment.kubernetes.io/revision";

/**
 * Reads a site's Deployment with the pods of its newest ReplicaSet.
 *
 * @param since only problems of pods that were created later count; default: of all
 * @returns undefined if there is no such Deployment, or if it can't be read
 */
export async function readRollout(
  kubectl: Kubectl,
  { deployment: name, namespace }: SiteObjects,
  since = new Date(0),
): Promise<Rollout | undefined> {
  const inNamespace = ["--namespace", namespace];
  const deployment = await kubectl.read<Deployment>(["get", "deployment", name, ...inNamespace]);
  if (deployment === undefined) return undefined;
  const selector = ["--selector", formatSelector(deployment.spec.selector.matchLabels)];
  const [sets, pods, events] = await Promise.all([
    kubectl.read<ObjectList<ReplicaSet>>(["get", "replicasets", ...selector, ...inNamespace]),
    kubectl.read<ObjectList<Pod>>(["get", "pods", ...selector, ...inNamespace]),
    kubectl.read<ObjectList<ClusterEvent>>(["get", "events", ...inNamespace]),
  ]);
  const newest = findNewest(sets?.items ?? []);
  const own = (pods?.items ?? []).filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined &&
      metadata.ownerReferences?.some(({ uid }) => uid === newest?.metadata.uid),
  );
  const late = own.filter(
    ({ metadata }) => Date.parse(metadata.creationTimestamp ?? "") >= since.getTime() - 1000,
  );
  const found = late.flatMap((pod) => {
    const told = (events?.items ?? []).filter(
      (event) => event.involvedObject.uid === pod.metadata.uid,
    );
    const finding = findPodProblem(pod, sortByTime(told));
    return finding === undefined ? [] : [{ pod, finding }];
  });
  const findings = await Promise.all(
    found.map(({ finding, pod }) => addLog(finding, pod, kubectl, namespace)),
  );
  const unique = findings.filter(
    ({ cause }, index) => findings.findIndex((other) => other.cause === cause) === index,
  );
  return { deployment, pods: own, findings: [...describeConditions(deployment), ...unique] };
}

function findNewest(sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const number = ({ metadata }: ReplicaSet): number =>
    Number(metadata.annotations?.[revision] ?? 0);
  return [...sets].sort((one, other) => number(other) - number(one))[0];
}

function sortByTime(events: readonly ClusterEvent[]): ClusterEvent[] {
  const time = ({ lastTimestamp }: ClusterEvent): number => Date.parse(lastTimestamp ?? "") || 0;
  return [...events].sort((one, other) => time(one) - time(other));
}

/** Adds the end of a crashed container's own log, and the remedy for what it says. */
async function addLog(
  finding: PodFinding,
  { metadata }: Pod,
  kubectl: Kubectl,
  namespace: string,
): Promise<PodFinding> {
  if (finding.crashed === undefined) return finding;
  const target = [metadata.name, "--container", finding.crashed, "--namespace", namespace];
  const lines = await readEnd(kubectl, target);
  const explanation = explain(lines.join("\n"));
  if (explanation === undefined) return { ...finding, lines };
  const cause = `${finding.cause} ${explanation.means}`;
  return { ...finding, cause, remedy: explanation.next, lines };
}

/**
 * Reads the end of a container's log: of the run that ended, or else of the one that began meanwhile.
 *
 * While the kubelet replaces one by the other it has neither for a moment.
 */
async function readEnd(kubectl: Kubectl, target: readonly string[]): Promise<string[]> {
  const options = [`--tail=${logLines}`, ...target];
  for (let attempt = 1; attempt <= logAttempts; attempt++) {
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, logPauseMs));
    for (const which of [["--previous"], []]) {
      const { code, stdout } = await kubectl.run(["logs", ...which, ...options]);
      const lines = code === 0 ? stdout.trimEnd().split("\n").filter(Boolean) : [];
      // The kubelet answers this as if it were the log.
      const isLog = !/^unable to retrieve container logs for /.test(lines[0] ?? "");
      if (lines.length > 0 && isLog) return lines;
    }
  }
  return [];
}

/** A quota, a limit range or Pod Security refuses pods before there are any. */
function describeConditions({ status }: Deployment): PodFinding[] {
  const failure = status?.conditions?.find(({ type }) => type === "ReplicaFailure");
  if (failure?.status !== "True") return [];
  const message = failure.message ?? "";
  const explanation = explain(message);
  const finding: Finding = {
    cause: `The cluster refuses to create the pods. ${explanation?.means ?? message}`,
    remedy: explanation?.next ?? "kubectl describe replicaset",
    lines: [message],
  };
  return [{ ...finding, isPermanent: isRefusal(message) }];
}

/**
 * Whether the cluster refuses pods for what they are, as Pod Security and admission policies do: the next ones too. A
 * quota may have room later, and an account may be there later.
 */
function isRefusal(message: string): boolean {
  return /is forbidden|denied|violates/i.test(message) && !/quota|not found/i.test(message);
}
