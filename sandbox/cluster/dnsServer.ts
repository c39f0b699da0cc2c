import { Resolver } from "node:dns/promises";
import { join } from "node:path";

import { gitlabHost, repository, type Instance } from "../host/instance";
import { inNode } from "../host/node";
import { startService } from "../host/processes";
import { apiServerUrl, type ClusterCredentials } from "./clusterCredentials";
import { clusterDomain } from "./dns/answer";

/** Starts the cluster's DNS server, which listens at the node's address. */
export async function startDnsServer(
  instance: Instance,
  { authority, dns }: ClusterCredentials,
): Promise<void> {
  const { node } = instance.addresses;
  await startService(instance, {
    name: "dns",
    command: inNode(instance, "node", [
      ...[process.execPath, "--import", require.resolve("tsx")],
      ...[join(repository, "sandbox", "cluster", "dns", "main.ts"), "--listen", node],
      ...["--server", apiServerUrl(instance), "--authority", authority.certificate],
      ...["--certificate", dns.certificate, "--key", dns.key, "--host", `${gitlabHost}=${node}`],
    ]),
    reads: [authority.certificate, dns.certificate],
    ready: async () => {
      const resolver = new Resolver({ timeout: 1000, tries: 1 });
      resolver.setServers([node]);
      return (await resolver.resolve4(`kubernetes.default.svc.${clusterDomain}`)).length === 1;
    },
  });
}
