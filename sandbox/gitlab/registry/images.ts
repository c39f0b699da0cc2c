import type { Descriptor, Manifest, RegistryClient } from "./client";

/** A tag's details in GitLab's API. */
export interface TagDetails {
  readonly digest: string;
  /** Digest of the image's configuration, without its algorithm; empty for an index, which has no configuration. */
  readonly revision: string;
  /** Creation date from the configuration, with its offset; null if there is none. */
  readonly createdAt: string | null;
  readonly totalSize: number;
}

/**
 * Reads the details of a tag; `undefined` if the registry doesn't know it.
 *
 * An index, which a build with provenance pushes, has no configuration, so no revision and no date. GitLab's own
 * registry differs from others here. Without GitLab's metadata database, an index is "not valid", and the answer is
 * 404. With it, the answer has the digest, the size and the date of the push. This registry does not know that date,
 * so it is null.
 */
export async function readTag(
  client: RegistryClient,
  repository: string,
  tag: string,
): Promise<TagDetails | undefined> {
  const manifest = await client.findManifest(repository, tag);
  if (manifest === undefined) return undefined;
  return {
    digest: manifest.digest,
    revision: manifest.body.config?.digest.split(":")[1] ?? "",
    createdAt: await readCreated(client, repository, manifest),
    totalSize: sum(await listLayers(client, repository, manifest)),
  };
}

/** Returns the size of all layers in the repository in bytes, each layer counted once. */
export async function measureRepository(
  client: RegistryClient,
  repository: string,
): Promise<number> {
  const layers = new Map<string, Descriptor>();
  for (const tag of await client.listTags(repository)) {
    const manifest = await client.findManifest(repository, tag);
    if (manifest === undefined) continue;
    for (const layer of await listLayers(client, repository, manifest)) {
      layers.set(layer.digest, layer);
    }
  }
  return sum([...layers.values()]);
}

async function listLayers(
  client: RegistryClient,
  repository: string,
  { body }: Manifest,
): Promise<readonly Descriptor[]> {
  if (body.manifests === undefined) return body.layers ?? [];
  const images = await Promise.all(
    body.manifests.map(({ digest }) => client.findManifest(repository, digest)),
  );
  return images.flatMap((image) => image?.body.layers ?? []);
}

async function readCreated(
  client: RegistryClient,
  repository: string,
  { body }: Manifest,
): Promise<string | null> {
  if (body.config === undefined) return null;
  const blob = await client.findBlob(repository, body.config.digest);
  return formatCreated(readField(blob, "created"));
}

/** Returns a field of JSON text, which may be anything: some artifacts have an empty configuration. */
function readField(text: string | undefined, field: string): unknown {
  try {
    return (JSON.parse(text ?? "") as Record<string, unknown> | null)?.[field];
  } catch {
    return undefined;
  }
}

/** Formats an RFC 3339 date as GitLab does: truncated to milliseconds, with its own offset. */
function formatCreated(created: unknown): string | null {
  const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i;
  const [, seconds, fraction = "", zone = ""] =
    (typeof created === "string" ? pattern.exec(created) : undefined) ?? [];
  if (seconds === undefined) return null;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const text = `${seconds}.${milliseconds}${zone.toUpperCase() === "Z" ? "+00:00" : zone}`;
  return Number.isNaN(Date.parse(text)) ? null : text;
}

function sum(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((total, { size }) => total + size, 0);
}
