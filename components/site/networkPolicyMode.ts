import { defaultWebServer, type WebServer } from "./webServer";

/*
 * Whether a site has a NetworkPolicy. Without Pulumi's SDK, because the configuration imports this too.
 */

/** Whether a site may have a NetworkPolicy. */
export const networkPolicyModes = ["closed", "none"] as const;

/**
 * `closed`: the pods accept requests to their port, from anywhere, and connect to nothing.
 * `none`: no NetworkPolicy.
 *
 * @useDeclaredType
 */
export type NetworkPolicyMode = (typeof networkPolicyModes)[number];

/**
 * Whether a site has a NetworkPolicy. nginx as Slipway configures it connects to nothing; another server may, and in a
 * namespace of others a container that they add to each pod, such as a service mesh's.
 */
export function hasNetworkPolicy({
  namespace,
  networkPolicy,
  webServer = defaultWebServer,
}: {
  readonly namespace?: string;
  readonly networkPolicy?: NetworkPolicyMode;
  readonly webServer?: WebServer;
}): boolean {
  const isAlone = webServer === "slipway" && namespace === undefined;
  return (networkPolicy ?? (isAlone ? "closed" : "none")) === "closed";
}
