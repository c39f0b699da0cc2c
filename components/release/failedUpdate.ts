import { parseImageReference } from "../image/imageReference";
import type { DeployedRelease } from "./release";
import type { StackResource } from "./stackOutputs";

/**
 * Whether a stack's state holds another image than the one that it was proven to run: its last update got
 * as far as the image or the Deployment, and failed.
 *
 * A stack's outputs wait for the proof, its resources don't. An update that failed before the image was
 * built leaves no trace here.
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
