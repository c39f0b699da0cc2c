import { parseImageReference } from "../image/imageReference";
import type { DeployedRelease } from "./release";
import type { StackResource } from "./stackOutputs";

/**
 * Whether the last update of a stack failed after it had created the image or changed the Deployment: the state
 * then has another digest than the outputs, which change only when the pods are ready.
 *
 * It does not detect an update that failed earlier.
 */
export function hasFailedUpdate(
  resources: readonly Omit<StackResource, "urn">[],
  { digest }: Pick<DeployedRelease, "digest">,
): boolean {
  return resources
    .flatMap((resource) => listDigests(resource))
    .some((attempted) => attempted !== digest);
}

function listDigests({ outputs, type }: Omit<StackResource, "urn">): string[] {
  switch (type) {
    case "slipway:index:SiteImage":
    case "slipway:index:ReleasedImage":
      return typeof outputs.digest === "string" ? [outputs.digest] : [];
    case "kubernetes:apps/v1:Deployment":
      return listPodDigests(outputs);
    default:
      return [];
  }
}

interface DeploymentOutputs {
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: { image?: string }[] } };
  };
}

function listPodDigests(outputs: DeploymentOutputs): string[] {
  const containers = outputs.spec?.template?.spec?.containers ?? [];
  return containers.flatMap(({ image }) => (image && parseImageReference(image).digest) ?? []);
}
