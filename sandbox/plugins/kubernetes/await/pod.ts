import { at, listAt, numberAt, textAt } from "../../json";
import type { JsonObject } from "../../properties";
import { nameOf, namespaceOf } from "../object";

/** Returns why a pod is not ready, in Kubernetes' words; `undefined` if there is no problem. */
export function podProblem(pod: JsonObject): string | undefined {
  for (const type of ["PodScheduled", "Initialized", "Ready"]) {
    const condition = listAt(pod, "status", "conditions").find((entry) => entry.type === type);
    if (condition === undefined) {
      return undefined;
    }
    const done = type === "Ready" && textAt(pod, "status", "phase") === "Succeeded";
    if (condition.status === "True" || done) {
      continue;
    }
    // Waiting for a node is normal progress, and the official plugin doesn't report it either.
    return type === "PodScheduled" ? undefined : conditionProblem(pod, condition);
  }
  return undefined;
}

function conditionProblem(pod: JsonObject, condition: JsonObject): string | undefined {
  const containers = listAt(pod, "status", "containerStatuses")
    .flatMap(containerProblems)
    .join("\n");
  const message = textAt(condition, "reason") === "" ? "" : textAt(condition, "message");
  return containers === "" && textAt(condition, "message") === ""
    ? undefined
    : `[Pod ${qualifiedName(pod)}]: ${message}${containers}`;
}

function containerProblems(status: JsonObject): string[] {
  if (status.ready === true) {
    return [];
  }
  const name = textAt(status, "name");
  const problems: string[] = [];
  const waiting = textAt(status, "state", "waiting", "reason");
  if (waiting !== "" && waiting !== "ContainerCreating") {
    problems.push(`[${waiting}] ${textAt(status, "state", "waiting", "message")}`);
  }
  const ended = textAt(status, "state", "terminated", "reason");
  if (ended !== "") {
    const message = textAt(status, "state", "terminated", "message");
    const code = String(numberAt(status, "state", "terminated", "exitCode") ?? 0);
    problems.push(
      message === ""
        ? `container "${name}" completed with exit code ${code}`
        : `[${ended}] ${message}`,
    );
  }
  if (at(status, "lastState", "terminated") !== undefined) {
    problems.push(lastTermination(name, status));
  }
  return problems;
}

function lastTermination(name: string, status: JsonObject): string {
  const field = (key: string) => textAt(status, "lastState", "terminated", key);
  const code = String(numberAt(status, "lastState", "terminated", "exitCode") ?? 0);
  const message = field("message") === "" ? "" : `\n${field("message")}`;
  return `container "${name}" terminated at ${field("finishedAt")} (${field("reason")}: exit code ${code})${message}`;
}

function qualifiedName(object: JsonObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" || namespace === "default"
    ? nameOf(object)
    : `${namespace}/${nameOf(object)}`;
}
