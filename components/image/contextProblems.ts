import * as fs from "node:fs";
import * as path from "node:path";

import type { BuildContext } from "./buildContext";
import { findRepositoryRoot } from "./gitCheckout";

/**
 * Why a build can't read its files: they are not there, or not in the program's repository, so that no
 * commit would say what is in the image.
 *
 * @returns a sentence for each problem
 */
export function findContextProblems({ directory, dockerfile }: BuildContext): string[] {
  const files = [directory, dockerfile];
  const missing = files.filter((file) => !fs.existsSync(file));
  // Most sites are below the program, and git need not be asked.
  const beyond = files.filter((file) => !missing.includes(file) && !isBelow(file, "."));
  const root = beyond.length > 0 ? (findRepositoryRoot(".") ?? process.cwd()) : ".";
  return [
    ...missing.map(
      (file) => `There is no \`${file}\`: paths are relative to the folder of Pulumi.yaml.`,
    ),
    ...beyond
      .filter((file) => !isBelow(file, root))
      .map(
        (file) =>
          `\`${file}\` is outside of the repository \`${path.basename(root)}\`: no commit would say what is in the image. Move it there.`,
      ),
  ];
}

/** Whether a file is below a folder, wherever links lead. */
function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(fs.realpathSync(folder), fs.realpathSync(file));
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
