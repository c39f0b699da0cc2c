import { renameSync } from "node:fs";
import { join } from "node:path";

import type { run as runProgram } from "../host/run";

/** Version of Node, which npm's own registry has, and below it the version of its npm. */
export const nodeVersion = "24.21.0";
export const npmVersion = "11.19.1";

/** What an image with Node is made of: versions of packages on npm's registry. */
export interface NodePackages {
  readonly node: string;
  readonly npm: string;
  readonly corepack?: string;
  readonly yarn?: string;
}

/** Downloads `node.tgz`, `npm.tgz` and the others that are given into the folder. */
export async function fetchNodePackages(
  folder: string,
  versions: NodePackages,
  run: typeof runProgram,
): Promise<void> {
  for (const [name, version] of Object.entries(versions)) {
    const specifier = `${name === "node" ? `node-linux-${process.arch}` : name}@${version}`;
    const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder, specifier], {
      cwd: folder,
    });
    renameSync(join(folder, packed), join(folder, `${name}.tgz`));
  }
}
