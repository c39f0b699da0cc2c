import { type ImageReference, parseImageReference } from "../components/image/imageReference";

/** Splits an image reference as Kubernetes does: without a registry it is an image of Docker Hub. */
export function parseImage(reference: string): ImageReference {
  const [first = ""] = reference.split("/", 1);
  const hasRegistry = reference.includes("/") && (/[.:]/.test(first) || first === "localhost");
  if (hasRegistry) return parseImageReference(reference);
  const path = reference.includes("/") ? reference : `library/${reference}`;
  return parseImageReference(`docker.io/${path}`);
}
