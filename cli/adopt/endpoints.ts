import { setTimeout } from "node:timers/promises";

import type { NamespaceClient } from "./cluster";
import type { ClusterObject, Service } from "./objects";

const pollMs = 500;
const limitMs = 30_000;

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
