import { parseImageReference } from "../../components/image/imageReference";
import type { DeployedRelease } from "../../components/release/release";
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

/** The image that a stack's pods have to pull. */
export interface SiteImage {
  /** Repository with its registry. */
  readonly repository: string;
  readonly digest: string;
  /** Tags of the release; none if its update has not succeeded. */
  readonly tags: readonly string[];
}

interface PodSpec {
  readonly containers?: readonly { readonly image?: string }[];
}

/**
 * Finds the image that the site's Deployment names in a stack's state. After an update that failed it is another one
 * than the last release's, which only succeeded updates change.
 *
 * @returns undefined if nothing is deployed
 */
export function findSiteImage(
  { resources }: StackState,
  release: DeployedRelease | undefined,
): SiteImage | undefined {
  const inputs = resources.find(({ type }) => isDeployment(type))?.inputs as
    { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } } | undefined;
  const image = inputs?.spec?.template?.spec?.containers?.[0]?.image ?? "";
  const { digest, repository } = parseImageReference(image);
  if (digest === undefined || digest === release?.digest) return release;
  return { repository, digest, tags: [] };
}
