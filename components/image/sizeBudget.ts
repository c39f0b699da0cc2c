import { formatDigest } from "./imageReference";
import { RegistryError, type RegistryClient } from "../registry/registryClient";

const bytesPerMiB = 1024 * 1024;

/** How many layers a message lists: the rest hardly count. */
const listedLayers = 3;

/** Longest command that a message shows. */
const maximumCommandLength = 100;

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

interface ImageIndex {
  readonly manifests: readonly Descriptor[];
}

interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface ImageConfig {
  readonly os?: string;
  readonly architecture?: string;
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

/** The methods of the registry client that {@link findSizeProblem} uses. */
type ImageReader = Pick<RegistryClient, "repository" | "findManifest" | "findJsonBlob">;

/**
 * Compares the size of an image with its budget. The problem lists the largest layers and their commands.
 *
 * The size is that of the compressed layers, which a node has to pull. The image of each platform has the whole
 * budget.
 *
 * @param budgetMiB the budget in MiB, 1,048,576 bytes
 * @returns the problem; undefined if the image is within its budget
 */
export async function findSizeProblem(
  reader: ImageReader,
  digest: string,
  budgetMiB: number,
): Promise<string | undefined> {
  try {
    for (const { manifest, platform } of await readImages(reader, digest)) {
      const size = manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
      if (size <= budgetMiB * bytesPerMiB) continue;
      const config = (await reader.findJsonBlob(manifest.config.digest)) as ImageConfig | undefined;
      return [
        `The image${platform} has ${formatSize(size)} of compressed layers, more than its \`sizeBudgetMiB\` of ${budgetMiB}: \`${formatDigest(reader.repository, digest)}\` was pushed, but is not deployed.`,
        "Make its largest layers smaller, or raise the budget:",
        ...describeLargest(manifest, config),
      ].join("\n");
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return `The size of \`${formatDigest(reader.repository, digest)}\` is unknown. ${error.message}`;
  }
}

/** One image of a digest, in numbers. */
export interface ImageDescription {
  /** `os/architecture`. */
  readonly platform: string;
  /** Size of its compressed layers. */
  readonly bytes: number;
  /** The same, for people. */
  readonly size: string;
  /** Its largest layers with their commands, a line each. */
  readonly largest: readonly string[];
}

/**
 * Describes the image of each platform of a digest.
 *
 * @throws RegistryError if the registry can't be read
 */
export async function describeImage(
  reader: ImageReader,
  digest: string,
): Promise<ImageDescription[]> {
  return Promise.all(
    (await readImages(reader, digest)).map(async ({ manifest }) => {
      const bytes = manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
      const config = (await reader.findJsonBlob(manifest.config.digest)) as ImageConfig | undefined;
      return {
        platform: `${config?.os ?? "unknown"}/${config?.architecture ?? "unknown"}`,
        bytes,
        size: formatSize(bytes),
        largest: describeLargest(manifest, config),
      };
    }),
  );
}

/** The image of each platform: of an index all its images, else the one there is. */
async function readImages(
  reader: ImageReader,
  digest: string,
): Promise<{ manifest: ImageManifest; platform: string }[]> {
  const content = (await readManifest(reader, digest)) as ImageIndex | ImageManifest;
  if (!("manifests" in content)) return [{ manifest: content, platform: "" }];
  const several = content.manifests.length > 1;
  return Promise.all(
    content.manifests.map(async (entry) => ({
      manifest: (await readManifest(reader, entry.digest)) as ImageManifest,
      platform:
        several && entry.platform ? ` for ${entry.platform.os}/${entry.platform.architecture}` : "",
    })),
  );
}

async function readManifest(reader: ImageReader, digest: string): Promise<unknown> {
  const manifest = await reader.findManifest(digest);
  if (manifest === undefined) throw new RegistryError(`The registry has no manifest ${digest}.`);
  return manifest;
}

function describeLargest(manifest: ImageManifest, config: ImageConfig | undefined): string[] {
  // The history has the steps that made a layer in the layers' order, and others in between.
  const steps = (config?.history ?? []).filter((step) => !step.empty_layer);
  return manifest.layers
    .map((layer, index) => ({ size: layer.size, command: steps[index]?.created_by ?? "" }))
    .sort((a, b) => b.size - a.size)
    .slice(0, listedLayers)
    .map(({ command, size }) => `  - ${formatSize(size)}: ${shorten(command)}`);
}

function shorten(command: string): string {
  const line = command
    .replace(/# buildkit$/, "")
    .replace(/\s+/g, " ")
    .trim();
  if (line === "") return "a layer whose command is not known";
  return line.length > maximumCommandLength ? `${line.slice(0, maximumCommandLength)}...` : line;
}

function formatSize(bytes: number): string {
  return `${(bytes / bytesPerMiB).toFixed(1)} MiB`;
}
