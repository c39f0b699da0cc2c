import { ingressClass, ingressPorts, startIngressController } from "../cluster/ingressController";
import { prepareAddition } from "./addition";

/** `make ingress`: starts an Ingress controller in the sandbox, in addition to what `make up` starts. */
export async function startIngress(name?: string): Promise<void> {
  const { credentials, instance, kubectl, program } = await prepareAddition("traefik", name);
  await startIngressController(instance, credentials, { kubectl, traefik: program });
  const { node } = instance.addresses;
  console.log(
    `ingress: class \`${ingressClass}\`, http://${node}:${ingressPorts.http} and https://${node}:${ingressPorts.https}`,
  );
}
