import { createReadStream, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { type Mirror, requestMirror } from "./mirror";

/** A reference to a blob, as in OCI's image specification. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
}

interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/**
 * Pushes the image in an OCI image layout to the mirror.
 *
 * @param folder an image layout with one image for one platform
 * @param image repository and tag, such as `library/node:24`
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function pushLayout(mirror: Mirror, folder: string, image: string): Promise<void> {
  const [repository, tag] = image.split(":");
  const [manifest] = readJson<{ readonly manifests: readonly Descriptor[] }>(
    join(folder, "index.json"),
  ).manifests;
  const { config, layers } = readJson<ImageManifest>(findBlob(folder, manifest.digest));
  for (const { digest } of [config, ...layers]) {
    await pushBlob(mirror, repository, digest, findBlob(folder, digest));
  }
  await requestMirror(mirror, `/v2/${repository}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": manifest.mediaType },
    body: readFileSync(findBlob(folder, manifest.digest)),
  });
}

async function pushBlob(
  mirror: Mirror,
  repository: string,
  digest: string,
  file: string,
): Promise<void> {
  const uploads = `/v2/${repository}/blobs/uploads/`;
  const { headers } = await requestMirror(mirror, uploads, { method: "POST" });
  const upload = new URL(String(headers.location), mirror.url);
  upload.searchParams.set("digest", digest);
  await requestMirror(mirror, upload.pathname + upload.search, {
    method: "PUT",
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(statSync(file).size),
    },
    body: createReadStream(file),
  });
}

function findBlob(folder: string, digest: string): string {
  return join(folder, "blobs", digest.replace(":", "/"));
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}
