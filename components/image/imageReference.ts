/** The parts of an image reference, `registry/path[:tag][@digest]`. */
export interface ImageReference {
  /** Registry, `host[:port]`. */
  readonly registry: string;

  /** Path of the repository in its registry. */
  readonly path: string;

  /** Registry and path, without tag and digest. */
  readonly repository: string;

  /** Tag; undefined if the reference has none. */
  readonly tag: string | undefined;

  /** Digest, `sha256:...`; undefined if the reference has none. */
  readonly digest: string | undefined;
}

/**
 * Splits an image reference. It must name its registry: Docker Hub's short names have none.
 *
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export function parseImageReference(reference: string): ImageReference {
  const [named, digest] = splitOnce(reference, "@");
  const slash = named.indexOf("/");
  // The registry's port also follows a colon.
  const colon = named.indexOf(":", slash + 1);
  const repository = colon === -1 ? named : named.slice(0, colon);
  return {
    registry: named.slice(0, slash),
    path: repository.slice(slash + 1),
    repository,
    tag: colon === -1 ? undefined : named.slice(colon + 1),
    digest,
  };
}

/** Joins repository and tag: `registry/path:tag`. */
export function formatTag(repository: string, tag: string): string {
  return `${repository}:${tag}`;
}

/** Joins repository and digest: `registry/path@sha256:...`. */
export function formatDigest(repository: string, digest: string): string {
  return `${repository}@${digest}`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}
