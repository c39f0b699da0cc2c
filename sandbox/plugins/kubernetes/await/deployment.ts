import { listAt, numberAt, textAt } from "../../json";
import type { JsonObject } from "../../properties";
import type { ObjectEvent } from "../follow";
import { annotationOf, nameOf } from "../object";
import type { Awaiter, Report } from "./awaiter";
import { podProblem } from "./pod";

const REVISION = "deployment.kubernetes.io/revision";

/**
 * Waits until a Deployment's latest revision runs: the controller has seen it, its replica set has enough ready pods,
 * and the Deployment's status says available.
 */
export class DeploymentAwaiter implements Awaiter {
  readonly related = [
    { apiVersion: "apps/v1", kind: "Deployment", sameName: true },
    { apiVersion: "apps/v1", kind: "ReplicaSet" },
    { apiVersion: "v1", kind: "Pod" },
  ] as const;

  private reconciled = false;
  private available = false;
  private rolledOut = false;
  private replicasReady = false;
  private reported = false;
  private readonly conditions = new Map<string, string>();
  private readonly replicaSets = new Map<string, JsonObject>();
  private readonly pods = new Map<string, JsonObject>();

  constructor(
    public latest: JsonObject,
    private readonly report: Report,
  ) {}

  observe(kind: string, event: ObjectEvent): void {
    switch (kind) {
      case "Deployment":
        this.observeDeployment(event);
        break;
      case "ReplicaSet":
        this.observeReplicaSet(event);
        break;
      case "Pod":
        this.observePod(event);
        break;
    }
  }

  isReady(): boolean {
    const rollout = this.revision === "1" || this.rolledOut;
    const ready = this.reconciled && this.available && rollout && this.replicasReady;
    if (ready && !this.reported) {
      this.reported = true;
      this.report("info", "Deployment initialization complete");
    }
    return ready;
  }

  remind(): void {
    this.podProblems().forEach((problem) => this.report("warning", problem));
  }

  problems(): string[] {
    const short = "Minimum number of Pods to consider the application live was not attained";
    const problems = [...this.conditions.values()];
    if (!this.available) {
      problems.push("Minimum number of live Pods was not attained");
    } else if (this.revision === "1" ? !this.replicasReady : !this.rolledOut) {
      problems.push(short);
    } else if (!this.replicasReady) {
      problems.push(
        "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
      );
    }
    return [...problems, ...this.podProblems()];
  }

  private get revision(): string {
    return annotationOf(this.latest, REVISION);
  }

  private observeDeployment({ type, object }: ObjectEvent): void {
    if (nameOf(object) !== nameOf(this.latest) || type === "DELETED") {
      return;
    }
    // Until the controller has seen this generation, the status is about an earlier one.
    this.reconciled ||=
      numberAt(object, "metadata", "generation") ===
      numberAt(object, "status", "observedGeneration");
    if (!this.reconciled) {
      return;
    }
    this.latest = object;
    this.conditions.clear();
    for (const condition of listAt(object, "status", "conditions")) {
      this.observeCondition(condition);
    }
    this.checkReplicas();
  }

  private observeCondition(condition: JsonObject): void {
    const holds = condition.status === "True";
    const reason = textAt(condition, "reason");
    if (condition.type === "Progressing") {
      this.rolledOut = holds && reason === "NewReplicaSetAvailable";
    } else if (condition.type === "Available") {
      this.available = holds;
    } else {
      return;
    }
    if (!holds && reason !== "") {
      const message = `[${reason}] ${textAt(condition, "message")}`;
      this.conditions.set(reason, message);
      this.report("warning", message);
    }
  }

  private observeReplicaSet({ type, object }: ObjectEvent): void {
    if (!isOwnedBy(object, this.latest)) {
      return;
    }
    if (type === "DELETED") {
      this.replicaSets.delete(annotationOf(object, REVISION));
      return;
    }
    this.replicaSets.set(annotationOf(object, REVISION), object);
    this.checkReplicas();
  }

  private observePod({ type, object }: ObjectEvent): void {
    if (type === "DELETED") {
      this.pods.delete(nameOf(object));
    } else {
      this.pods.set(nameOf(object), object);
    }
  }

  private checkReplicas(): void {
    const replicaSet = this.replicaSets.get(this.revision);
    if (!this.reconciled || this.revision === "" || replicaSet === undefined) {
      this.replicasReady = false;
      return;
    }
    // The replica set's own number, not the inputs': the Deployment may have been scaled meanwhile.
    const wanted = numberAt(replicaSet, "spec", "replicas") ?? 1;
    const ready = numberAt(replicaSet, "status", "readyReplicas") ?? 0;
    this.replicasReady = ready >= wanted;
    if (!this.replicasReady) {
      const count = `${String(ready)}/${String(wanted)}`;
      this.report("info", `Waiting for app ReplicaSet to be available (${count} Pods available)`);
    } else if (wanted === 0) {
      this.report("warning", `Replicas scaled to 0 for Deployment "${nameOf(this.latest)}"`);
    }
  }

  private podProblems(): string[] {
    const replicaSet = this.replicaSets.get(this.revision);
    return [...this.pods.values()]
      .filter((pod) => replicaSet !== undefined && isOwnedBy(pod, replicaSet))
      .map(podProblem)
      .filter((problem) => problem !== undefined);
  }
}

function isOwnedBy(object: JsonObject, owner: JsonObject): boolean {
  const uid = textAt(owner, "metadata", "uid");
  return listAt(object, "metadata", "ownerReferences").some((reference) => reference.uid === uid);
}
