import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

interface Descriptor {
  readonly digest: string;
}

interface Config {
  readonly history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

/** What a Dockerfile added to its base. */
export interface AddedLayers {
  /** Files of the layers, by their whole paths without a "/" at the beginning. */
  readonly files: readonly string[];
  /** Size of the layers in the registry, in bytes. */
  readonly bytes: number;
}

/**
 * Reads the layers of an image from where a registry stores them, from one step of its Dockerfile on.
 *
 * @param storage folder of the registry's storage
 * @param index digest of the image's index
 * @param firstStep how the first step after the base begins
 */
export function readAddedLayers(storage: string, index: string, firstStep: string): AddedLayers {
  const place = (digest: string): string => {
    const hex = digest.replace(/^sha256:/, "");
    return join(storage, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
  };
  const read = (digest: string): unknown => JSON.parse(readFileSync(place(digest), "utf8"));
  const { manifests } = read(index) as { manifests: readonly Descriptor[] };
  const manifest = read(manifests[0].digest) as {
    config: Descriptor;
    layers: readonly Descriptor[];
  };
  const { history } = read(manifest.config.digest) as Config;
  const start = history.findIndex(({ created_by: step = "" }) => step.startsWith(firstStep));
  const added = history.slice(start).filter(({ empty_layer: isEmpty = false }) => !isEmpty);
  if (start < 0) throw new Error(`${index} has no step that begins with "${firstStep}".`);
  const layers = manifest.layers.slice(-added.length).map(({ digest }) => place(digest));
  const list = (layer: string): string[] =>
    execFileSync("tar", ["--list", "--gzip", "--file", layer], { encoding: "utf8" }).split("\n");
  return {
    files: layers.flatMap(list).filter((path) => path !== "" && !path.endsWith("/")),
    bytes: layers.reduce((sum, layer) => sum + statSync(layer).size, 0),
  };
}
