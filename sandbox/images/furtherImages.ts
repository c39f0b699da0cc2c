import { join } from "node:path";

import { run as runProgram } from "../host/run";
import { makeDebian, unprivilegedNginx } from "./baseImages";
import { type Image, type ImageOptions, makeImage } from "./image";
import { findNodeImage, nodeMajors } from "./nodeReleases";

/** Options of {@link makeFurtherImages}. */
export interface FurtherImagesOptions extends ImageOptions {
  /** Private CAs that this machine trusts, as PEM: the images with Node trust them too. */
  readonly authorities: string;
}

/** Tags of nginx's images, by the systems that they are based on. */
const nginxTag =
  /^(latest|mainline|stable|\d+(\.\d+){0,2})?(-?(bookworm|alpine(\d+\.\d+)?))?(-slim)?$/;

/**
 * Creates equivalents of official images that a Dockerfile of a site's own may name, and pushes them to the mirror, as
 * {@link makeBaseImages} does. `make up` needs none of them, so each is created when it is asked for.
 *
 * @param names as a Dockerfile has them, such as `node:18` and `nginx:alpine`
 * @returns names of the images that were created now
 * @throws Error with each name that there is no equivalent of
 */
export async function makeFurtherImages(
  options: FurtherImagesOptions,
  names: readonly string[],
  run: typeof runProgram = runProgram,
): Promise<string[]> {
  const found = names.map((name) => ({ name, image: findImage(name, options, run) }));
  const missing = found.filter(({ image }) => image === undefined);
  if (missing.length > 0) {
    const quoted = missing.map(({ name }) => `"${name}"`).join(", ");
    throw new Error(
      `The sandbox has no equivalent of ${quoted}. It makes \`node:<${nodeMajors.join("|")}>\`, the same with -slim, -alpine or -bookworm, \`nginx:<tag>\` and \`nginxinc/nginx-unprivileged:<tag>\`.`,
    );
  }
  const { checksum } = await makeDebian(options, run);
  const made: string[] = [];
  for (const { image } of found) {
    if (image !== undefined && (await makeImage(options, image, checksum, run)).isNew) {
      made.push(image.name);
    }
  }
  return made;
}

function findImage(
  name: string,
  options: FurtherImagesOptions,
  run: typeof runProgram,
): Image | undefined {
  const [repository, tag = "latest"] = name
    .replace(/^docker\.io\//, "")
    .replace(/^library\//, "")
    .split(":");
  if (repository === "node") return findNodeImage(tag, options.authorities, options, run);
  if (!nginxTag.test(tag)) return undefined;
  if (repository === "nginxinc/nginx-unprivileged") {
    return { name: `${repository}:${tag}`, ...unprivilegedNginx };
  }
  if (repository !== "nginx") return undefined;
  return {
    name: `library/nginx:${tag}`,
    folder: join(__dirname, "nginx-stock"),
    task: "Debian's nginx, as the official image has it",
    inputs: [],
  };
}
