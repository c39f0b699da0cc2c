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

/** The awaiter of an object's kind; `undefined` where there is nothing to wait for. */
export function createAwaiter(live: JsonObject, report: Report): Awaiter | undefined {
  const { group, kind } = kindOf(live);
  const Kind = AWAITERS[`${group}/${kind}`];
  return Kind === undefined ? undefined : new Kind(live, report);
}

/** Whether a program wants nobody to wait for an object. */
export function skipsAwait(inputs: JsonObject): boolean {
  return annotationOf(inputs, "pulumi.com/skipAwait") === "true";
}

/** How long to wait: the resource option `customTimeouts`, else the annotation, else the kind's own time. */
export function chooseTimeout(
  inputs: JsonObject,
  optionSeconds: number,
  defaultSeconds: number,
): number {
  const annotation = Number(annotationOf(inputs, "pulumi.com/timeoutSeconds"));
  return (optionSeconds || (Number.isFinite(annotation) && annotation) || defaultSeconds) * 1000;
}
