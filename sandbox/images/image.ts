import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { run as runProgram } from "../host/run";
import { makeArtifact } from "./artifact";
import { pushLayout } from "./layout";
import { findInputs, inputsAnnotation, type Mirror } from "./mirror";

/** What images are made with. */
export interface ImageOptions {
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

/** An equivalent of an image on docker.io. */
export interface Image {
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
 * Pushes an image to the mirror, unless the mirror has it from the same inputs. All sandboxes of a machine push the same
 * image, which the first one builds: so a site's image has one digest in all of them.
 *
 * @param base checksum of the image that it is built on; empty if there is none
 */
export async function makeImage(
  options: ImageOptions,
  image: Image,
  base: string,
  run: typeof runProgram,
): Promise<{ readonly checksum: string; readonly isNew: boolean }> {
  const checksum = computeChecksum(base, image);
  if ((await findInputs(options.mirror, image.name)) === checksum) {
    return { checksum, isNew: false };
  }
  const name = `image-${image.name.replace(/\W+/g, "-")}-${checksum.slice(0, 12)}`;
  const layout = await makeArtifact(options.workDirectory, name, (folder) => {
    options.progress(`Making the image \`${image.name}\`: ${image.task}`);
    return build(options, image, { checksum, folder }, run);
  });
  await pushLayout(options.mirror, layout, image.name);
  return { checksum, isNew: true };
}

function computeChecksum(base: string, image: Image): string {
  const dockerfile = readFileSync(join(image.folder, "Dockerfile"), "utf8");
  return createHash("sha256")
    .update(JSON.stringify([base, dockerfile, image.inputs]))
    .digest("hex");
}

/** Builds an image into a folder, as an OCI image layout. */
async function build(
  { toolPaths, buildkitAddress }: ImageOptions,
  image: Image,
  { checksum, folder }: { readonly checksum: string; readonly folder: string },
  run: typeof runProgram,
): Promise<void> {
  const context = (await image.makeContext?.(checksum)) ?? image.folder;
  const output = [
    ...["type=oci", "tar=false", `dest=${folder}`],
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
