import { setTimeout } from "node:timers/promises";

import type { NamespaceClient } from "./cluster";
import type { Adoption } from "./formerSite";
import {
  renderForgetting,
  renderMove,
  renderReturn,
  type FormerTarget,
  type Target,
} from "./formerTarget";
import { type ClusterObject, type Service } from "./objects";

const pollMs = 500;
const limitMs = 30_000;

/** Moves Services to the stack's pods, one after the other. Each is moved as a whole, or not at all. */
export async function moveServices(
  { services }: Adoption,
  target: Target,
  former: Pick<FormerTarget, "deployment" | "secrets">,
  client: NamespaceClient,
): Promise<void> {
  for (const service of services) {
    await client.patch("service", service.metadata.name, renderMove(service, target, former));
  }
}

/** Moves Services back to the pods that they led to before. */
export async function returnServices({ moved }: Adoption, client: NamespaceClient): Promise<void> {
  for (const { from, service } of moved) {
    await client.patch("service", service.metadata.name, renderReturn(service, from));
  }
}

/** Takes the note away of where Services led before. */
export async function forgetMoves({ moved }: Adoption, client: NamespaceClient): Promise<void> {
  for (const { service } of moved) {
    await client.patch("service", service.metadata.name, renderForgetting(service));
  }
}

interface EndpointSlice extends ClusterObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

/**
 * Waits until Services lead to the same pods as the stack's own.
 *
 * @returns names of those that don't after half a minute
 */
export async function waitForEndpoints(
  services: readonly Service[],
  own: string,
  client: NamespaceClient,
): Promise<readonly string[]> {
  const end = Date.now() + limitMs;
  for (;;) {
    const slices = (await client.list(["endpointslices.discovery.k8s.io"])) as EndpointSlice[];
    const wanted = listAddresses(slices, own);
    const late = services
      .map(({ metadata }) => metadata.name)
      .filter((name) => wanted === "" || listAddresses(slices, name) !== wanted);
    if (late.length === 0 || Date.now() > end) return late;
    await setTimeout(pollMs);
  }
}

/** Addresses of a Service's ready pods, in order. */
function listAddresses(slices: readonly EndpointSlice[], service: string): string {
  return slices
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service)
    .flatMap(({ endpoints = [] }) => endpoints)
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses }) => addresses)
    .sort()
    .join(" ");
}
