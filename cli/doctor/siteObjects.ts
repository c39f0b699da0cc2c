import { isDeployment } from "../pulumi/resourceTypes";
import type { StackState } from "../pulumi/stackState";

/** The site's Deployment in the cluster. */
export interface SiteObjects {
  readonly namespace: string;
  readonly deployment: string;
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}

/**
 * Finds the site's Deployment in a stack's state. The outputs name it only after an update that succeeded.
 *
 * @returns undefined if no update has begun to create it
 */
export function findSiteObjects({ pending, resources }: StackState): SiteObjects | undefined {
  const all = [...resources, ...pending.map(({ resource }) => resource)];
  const deployment = all.find(({ type }) => isDeployment(type));
  const { name, namespace } = (deployment?.inputs?.metadata ?? {}) as Metadata;
  if (typeof name !== "string" || typeof namespace !== "string") return undefined;
  return { deployment: name, namespace };
}
