import type { Descriptor, RegistryClient } from "../../../../../sandbox/gitlab/registry/client";
import type { World } from "../../support/world";

const types = {
  configuration: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  image: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
};

/** What an image of a test is made of. */
export interface ImageArgs {
  /** RFC 3339. @default the image doesn't say it */
  readonly created?: string;
  /** Each one's content. */
  readonly layers?: readonly string[];
}

/** What has been pushed. */
export interface Pushed {
  readonly digest: string;
  /** Digest of the image's configuration. */
  readonly configuration: string;
}

/** Pushes an image over the registry's own API. */
export async function pushImage(
  client: RegistryClient,
  repository: string,
  tag: string,
  { created, layers = ["layer"] }: ImageArgs = {},
): Promise<Pushed> {
  const configuration = await client.putBlob(
    repository,
    JSON.stringify({ architecture: "amd64", os: "linux", created, config: {} }),
  );
  const parts: Descriptor[] = [];
  for (const layer of layers) parts.push(await client.putBlob(repository, layer));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: types.image,
    config: { mediaType: types.configuration, ...configuration },
    layers: parts.map((part) => ({ mediaType: types.layer, ...part })),
  });
  const digest = await client.putManifest(repository, tag, types.image, manifest);
  return { digest, configuration: configuration.digest };
}

/** Pushes an index of one image, as a build with provenance does. */
export async function pushIndex(
  client: RegistryClient,
  repository: string,
  tag: string,
  image: ImageArgs = {},
): Promise<Pushed> {
  const name = `${tag}-of-index`;
  const { digest, configuration } = await pushImage(client, repository, name, image);
  const manifest = await client.findManifest(repository, digest);
  const size = Buffer.byteLength(JSON.stringify(manifest?.body));
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [
      { mediaType: types.image, digest, size, platform: { architecture: "amd64", os: "linux" } },
    ],
  });
  return { digest: await client.putManifest(repository, tag, types.index, index), configuration };
}

/** Makes GitLab know a repository, as it does when it lets somebody push. Its id is given back. */
export async function ensureRepository(world: World, path: string): Promise<number> {
  await world.jwtAuth(`&scope=repository:${path}:pull,push`, "x:glpat-owner-api");
  const project = world.state.namespaces.findProject(path.split("/").slice(0, 2).join("/"))!;
  const name = path.split("/").slice(2).join("/");
  return world.state.containerRepositories.list(project).find((one) => one.name === name)!.id;
}
