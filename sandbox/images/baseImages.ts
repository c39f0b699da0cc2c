import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { run as runProgram } from "../host/run";
import { makeArtifact } from "./artifact";
import { findInputs, inputsAnnotation, type Mirror } from "./mirror";
import { fetchNodePackages, nodeVersion, npmVersion } from "./nodePackages";
import { findArchive, makeRootfs, suite } from "./rootfs";

/** Options of {@link makeBaseImages}. */
export interface BaseImagesOptions {
  readonly toolPaths: {
    readonly buildctl: string;
    /** Path of debootstrap in its package, which may be unpacked anywhere. */
    readonly debootstrap: string;
  };
  /** Address of BuildKit, which must use the mirror for docker.io. */
  readonly buildkitAddress: string;
  readonly mirror: Mirror;
  /** Keeps downloads; several sandboxes may share it. */
  readonly workDirectory: string;
  /** Called before each slow step, with a description of it. */
  readonly progress: (message: string) => void;
}

interface BaseImage {
  /** Repository and tag on docker.io. */
  readonly name: string;
  /** Folder of its Dockerfile. */
  readonly folder: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Shown while the image is made. */
  readonly task: string;
  /** Everything that decides the image's contents, apart from its Dockerfile and the base image. */
  readonly inputs: readonly string[];
  /** Creates the folder that the Dockerfile copies from. Default: no folder. */
  readonly makeContext?: (checksum: string) => Promise<string>;
}

/**
 * Creates equivalents of the official images that a site is built with and runs on, and pushes them to the mirror
 * under their names, because a closed network can't reach docker.io. Keeps an image that the mirror has from the same
 * inputs.
 *
 * @returns names of the images that were created now
 */
export async function makeBaseImages(
  options: BaseImagesOptions,
  run: typeof runProgram = runProgram,
): Promise<string[]> {
  const made: string[] = [];
  let base = "";
  for (const [index, image] of (await listImages(options, run)).entries()) {
    const checksum = computeChecksum(base, image);
    // The first image is the base of the others.
    if (index === 0) base = checksum;
    if ((await findInputs(options.mirror, image.name)) === checksum) continue;

    options.progress(`Making the image \`${image.name}\`: ${image.task}`);
    await build(options, image, checksum, run);
    made.push(image.name);
  }
  return made;
}

async function listImages(
  { toolPaths, workDirectory }: BaseImagesOptions,
  run: typeof runProgram,
): Promise<BaseImage[]> {
  const archive = await findArchive(run);
  return [
    {
      name: `library/debian:${suite}-slim`,
      folder: join(__dirname, "debian"),
      task: "a minimal Debian, about a minute",
      inputs: [suite, archive, process.arch],
      makeContext: (checksum) =>
        makeArtifact(workDirectory, `debian-${checksum.slice(0, 12)}`, (folder) =>
          makeRootfs(folder, archive, toolPaths.debootstrap, run),
        ),
    },
    {
      name: "nginxinc/nginx-unprivileged:1.29-alpine",
      folder: join(__dirname, "nginx"),
      task: "Debian's nginx, without root",
      inputs: [],
    },
    {
      name: `library/node:24-${suite}-slim`,
      folder: join(__dirname, "node"),
      buildArgs: { NODE_VERSION: nodeVersion },
      task: `Node ${nodeVersion} from npm`,
      inputs: [nodeVersion, npmVersion],
      makeContext: () =>
        makeArtifact(
          workDirectory,
          `node-${nodeVersion}-npm-${npmVersion}-${process.arch}`,
          (folder) => fetchNodePackages(folder, run),
        ),
    },
  ];
}

function computeChecksum(base: string, image: BaseImage): string {
  const dockerfile = readFileSync(join(image.folder, "Dockerfile"), "utf8");
  return createHash("sha256")
    .update(JSON.stringify([base, dockerfile, image.inputs]))
    .digest("hex");
}

async function build(
  { toolPaths, buildkitAddress, mirror }: BaseImagesOptions,
  image: BaseImage,
  checksum: string,
  run: typeof runProgram,
): Promise<void> {
  const context = (await image.makeContext?.(checksum)) ?? image.folder;
  const output = [
    ...["type=image", `name=${new URL(mirror.url).host}/${image.name}`, "push=true"],
    ...["oci-mediatypes=true", `annotation.${inputsAnnotation}=${checksum}`],
  ];
  await run(toolPaths.buildctl, [
    ...["--addr", buildkitAddress, "build", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${context}`, "--local", `dockerfile=${image.folder}`],
    ...Object.entries(image.buildArgs ?? {}).flatMap(([name, value]) => [
      "--opt",
      `build-arg:${name}=${value}`,
    ]),
    ...["--output", output.join(",")],
  ]);
}
