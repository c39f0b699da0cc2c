import { join } from "node:path";

import { ensureClusterCredentials } from "../cluster/clusterCredentials";
import { startCoreDns } from "../cluster/coreDns";
import { ensureTools } from "../tools/ensure";
import { startSandbox } from "./up";

/** `make dns`: CoreDNS in place of the sandbox's own DNS server, until `make down`. */
export async function startDns(name?: string): Promise<void> {
  const tools = await ensureTools(["coredns"]);
  const { instance, programs } = await startSandbox(name);
  await startCoreDns(instance, await ensureClusterCredentials(instance), {
    coredns: tools.get("coredns")?.path ?? "coredns",
    kubectl: join(programs.kubernetes, "kubectl"),
  });
  console.log(`dns: CoreDNS at ${instance.addresses.node}`);
}
