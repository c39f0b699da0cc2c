import { gunzipSync } from "node:zlib";

import { parseTar } from "nanotar";

import type { RegistryClient } from "../../../components/registry/registryClient";
import type { PageHashes } from "./builtPages";

/** Most bytes of the layer with the list, compressed and unpacked: 100,000 pages take some megabytes. */
const limits = { compressed: 16 * 1024 * 1024, unpacked: 64 * 1024 * 1024 };

/** Where the Dockerfile copies what nginx.pages.mjs wrote. */
const folder = "etc/nginx/gatsby/";

/** The pages of an image are not known. The message is a clause: why. */
export class UnknownPages extends Error {
  public override readonly name = "UnknownPages";
}

/** The parts of the client of a registry that reading an image's pages takes. */
export type ImageReader = Pick<RegistryClient, "findBlob" | "findJsonBlob" | "findManifest">;

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os?: string };
}

/** A manifest, or an index of some. */
interface Manifest {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

interface ImageConfig {
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

/**
 * Reads which pages an image has, and the hash of each, from the list that its build wrote (site/nginx.pages.mjs). With
 * nginx's rules it is in a small layer of its own: none of the site's files is downloaded.
 *
 * @param digest the image's, or that of an index of images
 * @throws UnknownPages if the image has no such list
 * @throws RegistryError if the registry can't be read
 */
export async function readRunningPages(digest: string, image: ImageReader): Promise<PageHashes> {
  const layer = await findLayer(digest, image);
  if (layer.size > limits.compressed) {
    throw new UnknownPages("the list of the pages that run is larger than 16 MiB");
  }
  const blob = await image.findBlob(layer.digest, limits.compressed);
  if (blob === undefined) throw createGoneError();
  return parseList(unpack(blob));
}

async function findLayer(digest: string, image: ImageReader): Promise<Descriptor> {
  const top = (await image.findManifest(digest)) as Manifest | undefined;
  // The pages are the same on each platform. That of an attestation is unknown.
  const first = top?.manifests?.find(({ platform }) => platform?.os !== "unknown");
  const manifest = first ? ((await image.findManifest(first.digest)) as Manifest) : top;
  const { config, layers = [] } = manifest ?? {};
  if (config === undefined) throw createGoneError();
  const { history = [] } = ((await image.findJsonBlob(config.digest)) ?? {}) as ImageConfig;
  const index = history
    .filter((step) => step.empty_layer !== true)
    .findIndex(({ created_by = "" }) => created_by.includes(`/${folder}`));
  const layer = layers[index] as Descriptor | undefined;
  if (layer === undefined) throw createNoListError();
  return layer;
}

function unpack(blob: Buffer): string {
  let file;
  try {
    const isCompressed = blob.readUInt16BE(0) === 0x1f8b;
    const tar = isCompressed ? gunzipSync(blob, { maxOutputLength: limits.unpacked }) : blob;
    // A copy, since the parser reads the whole memory that a buffer may be a part of.
    file = parseTar(new Uint8Array(tar)).find(({ name }) => name.endsWith(`${folder}pages.json`));
  } catch {
    throw new UnknownPages("the list of the pages that run can't be unpacked");
  }
  if (file === undefined) throw createNoListError();
  return file.text;
}

function parseList(text: string): PageHashes {
  try {
    return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  } catch {
    throw new UnknownPages("the list of the pages that run is not JSON");
  }
}

const createGoneError = () => new UnknownPages("the registry no longer has the release that runs");

const createNoListError = () =>
  new UnknownPages(
    "the image that runs has no list of its pages, as the Dockerfile of this version of Slipway writes one",
  );
