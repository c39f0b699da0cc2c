import { join } from "node:path";

import { run as runProgram } from "../host/run";
import { makeArtifact } from "./artifact";
import { type Image, type ImageOptions, makeImage } from "./image";
import { fetchNodePackages, nodeVersion, npmVersion } from "./nodePackages";
import { findArchive, makeRootfs, suite } from "./rootfs";

/**
 * Creates equivalents of the official images that a site is built with and runs on, and pushes them to the mirror
 * under their names, because a closed network can't reach docker.io. Keeps an image that the mirror has from the same
 * inputs.
 *
 * @returns names of the images that were created now
 */
export async function makeBaseImages(
  options: ImageOptions,
  run: typeof runProgram = runProgram,
): Promise<string[]> {
  const debian = await makeDebian(options, run);
  const made = debian.isNew ? [debian.name] : [];
  for (const image of listImages(options, run)) {
    const { isNew } = await makeImage(options, image, debian.checksum, run);
    if (isNew) made.push(image.name);
  }
  return made;
}

/** Creates the image that all others are built on, unless the mirror has it. */
export async function makeDebian(options: ImageOptions, run: typeof runProgram) {
  const { toolPaths, workDirectory } = options;
  const archive = await findArchive(run);
  const image: Image = {
    name: `library/debian:${suite}-slim`,
    folder: join(__dirname, "debian"),
    task: "a minimal Debian, about a minute",
    inputs: [suite, archive, process.arch],
    makeContext: (checksum) =>
      makeArtifact(workDirectory, `debian-${checksum.slice(0, 12)}`, (folder) =>
        makeRootfs(folder, archive, toolPaths.debootstrap, run),
      ),
  };
  return { name: image.name, ...(await makeImage(options, image, "", run)) };
}

/** nginx without root, which sites run on. */
export const unprivilegedNginx: Omit<Image, "name"> = {
  folder: join(__dirname, "nginx"),
  task: "Debian's nginx, without root",
  inputs: [],
};

function listImages({ workDirectory }: ImageOptions, run: typeof runProgram): Image[] {
  return [
    { name: "nginxinc/nginx-unprivileged:1.29-alpine", ...unprivilegedNginx },
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
          (folder) => fetchNodePackages(folder, { node: nodeVersion, npm: npmVersion }, run),
        ),
    },
  ];
}
