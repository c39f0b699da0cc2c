import { formatSelector } from "../kubernetesObjects";
import { type Adoption, findMentions, nameServices } from "./formerSite";
import type { Target } from "./formerTarget";
import type { ClusterObject, Service } from "./objects";
import type { AdoptionNames } from "./problems";

/** Describes what moving the Services does, before the question. */
export function describeMove(
  { objects, services }: Adoption,
  { selector, targetPort }: Target,
  { former, namespace, own, stack }: AdoptionNames,
): string {
  return [
    `In the namespace \`${namespace}\`, requests go from the pods of \`${former}\` to those of \`${own}\`, of the stack \`${stack}\`:`,
    ...services.map(
      ({ metadata, spec }) =>
        `  Service ${metadata.name}: ${formatSelector(spec.selector)} -> ${formatSelector(selector)}, ${describePorts(spec.ports, targetPort)}`,
    ),
    ...findRoutes(objects, services).map((route) => `  ${route} stays as it is`),
    `Nothing is deleted: the pods of \`${former}\` go on, and \`npx slipway adopt ${stack} --undo\` leads back to them.`,
    `Before: look at the new site (\`kubectl port-forward --namespace ${namespace} service/${own} 8080:80\`), and stop the job or the tool that applies the manifest of \`${former}\`, since it would take the Service back.`,
  ].join("\n");
}

function describePorts(ports: Service["spec"]["ports"] = [], target: Target["targetPort"]): string {
  return ports
    .map(({ port, targetPort = port }) => `port ${port} -> ${target} (was ${targetPort})`)
    .join(", ");
}

/** The Ingresses that lead to a Service. */
function findRoutes(
  objects: readonly ClusterObject[],
  services: readonly Service[],
): readonly string[] {
  const routes = objects.filter(({ kind }) => kind === "Ingress");
  const found = services.flatMap(({ metadata }) =>
    findMentions(routes, metadata.name, () => false),
  );
  return [...new Set(found)];
}

/** Describes what `--undo` does, before the question. */
export function describeReturn({ moved }: Adoption, { former, namespace }: AdoptionNames): string {
  return [
    `In the namespace \`${namespace}\`, requests go to the pods of \`${former}\` again:`,
    ...moved.map(
      ({ from, service }) =>
        `  Service ${service.metadata.name}: ${formatSelector(service.spec.selector)} -> ${formatSelector(from.selector)}`,
    ),
  ].join("\n");
}

/** Describes what `--finish` deletes, before the question. */
export function describeRemoval(
  { former, moved }: Adoption,
  { secrets, kept }: { readonly secrets: readonly string[]; readonly kept: readonly string[] },
  { former: name, namespace }: AdoptionNames,
): string {
  return [
    `In the namespace \`${namespace}\`, this deletes what can't be brought back by \`--undo\`:`,
    ...(former === undefined ? [] : [`  Deployment ${name}, with its pods`]),
    ...secrets.map((secret) => `  Secret ${secret}, which nothing else uses`),
    ...kept.map((line) => `Stays: ${line}`),
    ...(moved.length === 0
      ? []
      : [
          `Stays: the Service ${nameServices(moved.map(({ service }) => service))}, which leads to the stack's pods. What uses it by name goes on.`,
        ]),
  ].join("\n");
}
