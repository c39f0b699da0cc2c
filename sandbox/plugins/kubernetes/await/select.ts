import type { JsonObject } from "../../properties";
import { annotationOf, kindOf } from "../object";
import type { Awaiter, Report } from "./awaiter";
import { DeploymentAwaiter } from "./deployment";
import { IngressAwaiter } from "./ingress";
import { ServiceAwaiter } from "./service";

const AWAITERS: Record<string, new (object: JsonObject, report: Report) => Awaiter> = {
  "apps/Deployment": DeploymentAwaiter,
  "/Service": ServiceAwaiter,
  "networking.k8s.io/Ingress": IngressAwaiter,
};

/** Creates the awaiter for an object's kind; `undefined` if this kind needs no waiting. */
export function createAwaiter(live: JsonObject, report: Report): Awaiter | undefined {
  const { group, kind } = kindOf(live);
  const Kind = AWAITERS[`${group}/${kind}`];
  return Kind === undefined ? undefined : new Kind(live, report);
}

/** Whether the program says not to wait for the object. */
export function skipsAwait(inputs: JsonObject): boolean {
  return annotationOf(inputs, "pulumi.com/skipAwait") === "true";
}

/**
 * Returns how long to wait: from the resource option `customTimeouts`, else the annotation, else the kind's default.
 */
export function chooseTimeout(
  inputs: JsonObject,
  optionSeconds: number,
  defaultSeconds: number,
): number {
  const annotation = Number(annotationOf(inputs, "pulumi.com/timeoutSeconds"));
  return (optionSeconds || (Number.isFinite(annotation) && annotation) || defaultSeconds) * 1000;
}
