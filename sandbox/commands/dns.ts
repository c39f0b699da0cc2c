import { startCoreDns } from "../cluster/coreDns";
import { prepareAddition } from "./addition";

/** `make dns`: CoreDNS in place of the sandbox's own DNS server, until `make down`. */
export async function startDns(name?: string): Promise<void> {
  const { credentials, instance, kubectl, program } = await prepareAddition("coredns", name);
  await startCoreDns(instance, credentials, { coredns: program, kubectl });
  console.log(`dns: CoreDNS at ${instance.addresses.node}`);
}
