import type { ResourceChange } from "./changes";
import { isDeployment } from "../pulumi/resourceTypes";
import { enumerate, sentence, words, type Sentence } from "./sentence";

/** Number of properties that the sentence names; the list of changes has the rest. */
const namedProperties = 3;

/**
 * Says if pods are replaced. Kubernetes replaces a Deployment's pods only if its pod template changes.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#updating-a-deployment
 */
export function describeRollout(changes: readonly ResourceChange[]): Sentence {
  const deployments = changes.filter(({ type }) => isDeployment(type));
  if (deployments.length === 0) return sentence`No pod restarts.`;
  return deployments.flatMap((deployment, index) => [
    ...(index === 0 ? [] : [" "]),
    ...describeDeployment(deployment),
  ]);
}

function describeDeployment({ kind, name, properties }: ResourceChange): Sentence {
  switch (kind) {
    case "create":
      return sentence`The Deployment ${name} starts.`;
    case "delete":
      return sentence`The Deployment ${name} ends, with all its pods.`;
    case "forget":
      return sentence`The Deployment ${name} stays as it is, and Pulumi forgets it.`;
    case "replace":
      return sentence`The Deployment ${name} is replaced: the site is down until the new one is ready.`;
    case "update": {
      const inTemplate = properties.filter(({ path }) => path.startsWith("spec.template"));
      if (inTemplate.length > 0) {
        const reasons = inTemplate.map(({ path }) =>
          path.replace(/^spec\.template\.(spec\.)?/, ""),
        );
        return sentence`The Deployment ${name} rolls, because of ${listSome(reasons)}.`;
      }
      const replicas = properties.find(({ path }) => path === "spec.replicas");
      return replicas === undefined
        ? sentence`The Deployment ${name} changes, but no pod restarts.`
        : sentence`The Deployment ${name} scales from ${replicas.before ?? "1"} to ${replicas.after ?? "1"}; no pod restarts.`;
    }
  }
}

function listSome(names: readonly string[]): Sentence {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, namedProperties).map((name) => sentence`${name}`);
  const more = distinct.length - shown.length;
  return enumerate(more > 0 ? [...shown, words(`${more} more`)] : shown);
}
