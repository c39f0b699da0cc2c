import { type CheckedResource, everywhere, readTexts, type Rule, textList } from "../rule";
import { readList, readText } from "../values";
import { findKind } from "../workload";

const exposed = ["LoadBalancer", "NodePort"];

/** No Service that the cluster's outside reaches, unless it was asked for. */
export const serviceExposure: Rule = {
  name: "service-exposure",
  description:
    "No Service is reached from outside of the cluster, unless the stack's key `service` or the setting asks for it.",
  remedy:
    "Use `ClusterIP` and an Ingress, set the key `service.type` of Slipway's program, or add the Service to the setting `services`.",
  levels: everywhere,
  settings: { services: textList("Names, in the program, of Services that may be reached.") },
  findProblems: (resource, context) => {
    const { name, properties } = resource;
    if (findKind(resource) !== "Service" || readTexts(context, "services").includes(name)) {
      return [];
    }
    const type = readText(properties, "spec", "type") ?? "ClusterIP";
    const remedy = `Use an Ingress, or add \`${name}\` to the policy's setting \`services\`.`;
    const problems: string[] = [];
    const isAskedFor = isOfSite(resource) && type === context.stack.serviceType;
    if (exposed.includes(type) && !isAskedFor) {
      problems.push(
        `\`spec.type\` is "${type}": the Service is reached from outside of the cluster, past the Ingress and its TLS. Use "ClusterIP" and an Ingress, or add \`${name}\` to the policy's setting \`services\`.`,
      );
    }
    const addresses = readList(properties, "spec", "externalIPs").length;
    if (addresses > 0) {
      problems.push(
        `\`spec.externalIPs\` has ${addresses === 1 ? "an address" : `${addresses} addresses`}: the Service is reached from outside of the cluster. Remove the field. ${remedy}`,
      );
    }
    return problems;
  },
};

/** Whether it is the Service that the stack's key `service` is about. */
function isOfSite({ urn }: CheckedResource): boolean {
  return urn.includes("slipway:index:GatsbySite$kubernetes:core/v1:Service::");
}
