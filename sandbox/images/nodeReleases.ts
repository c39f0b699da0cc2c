import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { run as runProgram } from "../host/run";
import { makeArtifact } from "./artifact";
import type { Image, ImageOptions } from "./image";
import { fetchNodePackages, nodeVersion, type NodePackages, npmVersion } from "./nodePackages";

/** The version of Yarn that the official images have. */
const yarn = "1.22.22";

/** The last version of each major on npm's registry, with the npm and the corepack that it comes with. */
const releases: Readonly<Record<string, NodePackages>> = {
  16: { node: "16.20.2", npm: "8.19.4", corepack: "0.17.0", yarn },
  18: { node: "18.20.8", npm: "10.8.2", corepack: "0.32.0", yarn },
  20: { node: "20.20.2", npm: "10.8.2", corepack: "0.34.6", yarn },
  22: { node: "22.23.5", npm: "10.9.4", corepack: "0.34.6", yarn },
  24: { node: nodeVersion, npm: npmVersion, corepack: "0.34.6", yarn },
};

/** Majors of Node that there are equivalents of. */
export const nodeMajors = Object.keys(releases);

const tagPattern =
  /^(?<version>\d+|lts)(?:-(?<system>bookworm-slim|bookworm|slim|alpine(?:\d+\.\d+)?))?$/;

/**
 * The equivalent of an official image of Node. All are Debian's: one named after Alpine has neither `apk` nor musl.
 *
 * @param authorities private CAs that it trusts, as PEM
 * @returns `undefined` for a tag of which there is no equivalent
 */
export function findNodeImage(
  tag: string,
  authorities: string,
  { workDirectory }: Pick<ImageOptions, "workDirectory">,
  run: typeof runProgram,
): Image | undefined {
  const { system = "", version = "" } = tagPattern.exec(tag)?.groups ?? {};
  const packages = releases[version === "lts" ? (nodeMajors.at(-1) ?? "") : version];
  if (packages === undefined) return undefined;
  const variant = /slim|alpine/.test(system) ? "slim" : "full";
  const trusted = createHash("sha256").update(authorities).digest("hex").slice(0, 12);
  const versions = Object.entries<string>({ ...packages }).map((pair) => pair.join("-"));
  const parts = [...versions, process.arch, trusted];
  return {
    name: `library/node:${tag}`,
    folder: join(__dirname, "node-stock"),
    buildArgs: { NODE_VERSION: packages.node, VARIANT: variant },
    task: `Node ${packages.node} from npm${variant === "full" ? ", with compilers" : ""}`,
    inputs: [...parts, variant],
    makeContext: () =>
      makeArtifact(workDirectory, parts.join("-"), async (folder) => {
        await fetchNodePackages(folder, packages, run);
        writeFileSync(join(folder, "authorities.pem"), authorities);
      }),
  };
}
