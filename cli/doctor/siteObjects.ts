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

/** The pull secret that a stack has created in the cluster; undefined if it creates none. */
export function findPullSecret({
  resources,
}: StackState): { readonly name: string; readonly namespace: string } | undefined {
  const secret = resources.find(({ urn }) =>
    urn.includes("slipway:index:PullSecret$kubernetes:core/v1:Secret"),
  );
  const { name, namespace } = (secret?.inputs?.metadata ?? {}) as Metadata;
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}
