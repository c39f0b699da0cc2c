import { renameSync } from "node:fs";
import { join } from "node:path";

import type { run as runProgram } from "../host/run";

/** Version of Node, which npm's own registry has, and below it the version of its npm. */
export const nodeVersion = "24.21.0";
export const npmVersion = "11.19.1";

/** Downloads `node.tgz` and `npm.tgz` into the folder. */
export async function fetchNodePackages(folder: string, run: typeof runProgram): Promise<void> {
  const packages = { node: `node-linux-${process.arch}@${nodeVersion}`, npm: `npm@${npmVersion}` };
  for (const [name, specifier] of Object.entries(packages)) {
    const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder, specifier], {
      cwd: folder,
    });
    renameSync(join(folder, packed), join(folder, `${name}.tgz`));
  }
}
