import { formatSelector } from "../kubernetesObjects";
import { type Adoption, findWorkloads, isReady, nameServices } from "./formerSite";
import {
  type ClusterObject,
  matchesLabels,
  type NetworkPolicy,
  podLabels,
  selectsPods,
  type Service,
  type Workload,
} from "./objects";

/** Whose sites are concerned. */
export interface AdoptionNames {
  readonly stack: string;
  readonly namespace: string;
  /** Name of the Deployment made by hand. */
  readonly former: string;
  /** Name of the stack's Deployment. */
  readonly own: string;
}

/** Says why the former site's Services can't be moved to the stack's pods; empty if they can. */
export function findMoveProblems(adoption: Adoption, names: AdoptionNames): readonly string[] {
  const { former, objects, services } = adoption;
  if (former === undefined) return [describeMissing(names)];
  if (isPulumis(former)) {
    return [
      `The Deployment \`${names.former}\` in the namespace \`${names.namespace}\` is a Pulumi stack's, which would take its Service back. Name the one that was made by hand with \`--deployment\`.`,
    ];
  }
  return [
    ...findStackProblems(adoption, names),
    ...services.flatMap((service) => findServiceProblems(service, former, objects)),
    ...findPolicyProblems(adoption),
  ];
}

/** Says why the stack's own site can't take requests; empty if it can. */
function findStackProblems(
  { deployment, service }: Adoption,
  { namespace, own, stack }: AdoptionNames,
): readonly string[] {
  if (deployment === undefined || service === undefined) {
    return [
      `The namespace \`${namespace}\` has no Deployment and Service \`${own}\` of the stack \`${stack}\`. Deploy it: \`npx slipway up ${stack}\`.`,
    ];
  }
  if (isReady(deployment)) return [];
  return [
    `The pods of the Deployment \`${own}\` are not all ready. \`npx slipway doctor ${stack}\` says why.`,
  ];
}

function describeMissing({ former, namespace, stack }: AdoptionNames): string {
  return [
    `There is no Deployment \`${former}\` in the namespace \`${namespace}\`, where the stack \`${stack}\` deploys to.`,
    "A Service leads only to pods of its own namespace. So name the Deployment with `--deployment`, or put the stack into the namespace of the site that it replaces:",
    `  pulumi config set namespace <namespace> --stack ${stack}`,
    `  npx slipway up ${stack}`,
  ].join("\n");
}

/** Pulumi's provider writes its objects under a name of its own. */
function isPulumis({ metadata: { managedFields = [] } }: Workload): boolean {
  return managedFields.some(({ manager }) => manager?.startsWith("pulumi-kubernetes"));
}

function findServiceProblems(
  { metadata, spec }: Service,
  former: Workload,
  objects: readonly ClusterObject[],
): string[] {
  const named = `The Service \`${metadata.name}\``;
  const others = findWorkloads(objects).filter(
    (workload) =>
      workload.metadata.uid !== former.metadata.uid &&
      selectsPods(spec.selector, podLabels(workload)),
  );
  const problems = others.map(
    (other) =>
      `${named} (${formatSelector(spec.selector)}) also leads to the pods of the ${other.kind} \`${other.metadata.name}\`. Give it a selector that selects only those of \`${former.metadata.name}\`.`,
  );
  const targets = new Set((spec.ports ?? []).map(({ port, targetPort }) => targetPort ?? port));
  if (targets.size > 1) {
    problems.push(
      `${named} leads to several ports of the pods (${[...targets].join(", ")}), and the stack's pods have one. Put the others into a Service of their own.`,
    );
  }
  if (spec.clusterIP === "None") {
    problems.push(
      `${named} is headless: its clients connect to the pods' own port, which can't be translated. Let them use \`${former.metadata.name}\` by a Service with an address.`,
    );
  }
  return problems;
}

/** A policy that closes the new pods and not the former ones would end the site, although its pods are ready. */
function findPolicyProblems({ deployment, former, objects }: Adoption): string[] {
  if (deployment === undefined || former === undefined) return [];
  const policies = objects.filter(
    (object): object is NetworkPolicy => object.kind === "NetworkPolicy",
  );
  const closing = policies.filter(
    ({ metadata, spec: { podSelector = {} } }) =>
      metadata.name !== deployment.metadata.name &&
      matchesLabels(podSelector, podLabels(deployment)) &&
      !matchesLabels(podSelector, podLabels(former)),
  );
  return closing.map(
    ({ metadata }) =>
      `The NetworkPolicy \`${metadata.name}\` applies to the pods of \`${deployment.metadata.name}\` and not to those of \`${former.metadata.name}\`: requests may not reach them. Change its \`podSelector\`.`,
  );
}

/** Says why the former site can't be removed yet; empty if it can. */
export function findRemovalProblems(adoption: Adoption, names: AdoptionNames): readonly string[] {
  const { former, moved, services } = adoption;
  const problems = [...findStackProblems(adoption, names)];
  if (former !== undefined && isPulumis(former)) {
    problems.push(
      `The Deployment \`${names.former}\` is a Pulumi stack's. Remove it with that stack: \`pulumi destroy\`.`,
    );
  }
  if (services.length > 0) {
    problems.push(
      `${nameServices(services)} still leads to the pods of \`${names.former}\`. Move it first: \`npx slipway adopt ${names.stack}\`.`,
    );
  }
  if (former === undefined && moved.length === 0) problems.push(describeMissing(names));
  return problems;
}

/** Says why the moved Services can't go back to the former site's pods; empty if they can. */
export function findReturnProblems(
  { former, moved }: Adoption,
  { namespace, former: name }: AdoptionNames,
): readonly string[] {
  if (moved.length === 0) {
    return [
      `No Service in the namespace \`${namespace}\` was moved away from \`${name}\`: there is nothing to undo.`,
    ];
  }
  if (former === undefined) {
    return [
      `The Deployment \`${name}\` is not in the namespace \`${namespace}\` any more. Apply its manifest again, then run this again.`,
    ];
  }
  if (isReady(former)) return [];
  return [
    `The pods of the Deployment \`${name}\` are not all ready, so nothing would be served. Start them: \`kubectl scale deployment ${name} --replicas 1 --namespace ${namespace}\`.`,
  ];
}
