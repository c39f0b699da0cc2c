import { join } from "node:path";

import { ensureClusterCredentials } from "../cluster/clusterCredentials";
import { ingressClass, ingressPorts, startIngressController } from "../cluster/ingressController";
import { ensureTools } from "../tools/ensure";
import { startSandbox } from "./up";

/** `make ingress`: starts an Ingress controller in the sandbox, in addition to what `make up` starts. */
export async function startIngress(name?: string): Promise<void> {
  const tools = await ensureTools(["traefik"]);
  const { instance, programs } = await startSandbox(name);
  await startIngressController(instance, await ensureClusterCredentials(instance), {
    kubectl: join(programs.kubernetes, "kubectl"),
    traefik: tools.get("traefik")?.path ?? "traefik",
  });
  const { node } = instance.addresses;
  console.log(
    `ingress: class \`${ingressClass}\`, http://${node}:${ingressPorts.http} and https://${node}:${ingressPorts.https}`,
  );
}
