/** Maximum length of the name of a namespace, a Service and a container, and of a label's value. */
export const nameLimit = 63;

/** A name in Kubernetes out of the parts that tell one site from another, each of them once. */
export function computeUniqueName(...parts: string[]): string {
  return [...new Set(parts)]
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
