import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The folder of the Pulumi project: the given one, or else the only folder in it that has a project, as
 * `slipway init` creates it. So commands can be run at the top of a repository.
 */
export function findProjectFolder(folder: string): string {
  if (isProject(folder) || !existsSync(folder)) return folder;
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => join(folder, entry.name))
    .filter(isProject);
  return found.length === 1 ? found[0] : folder;
}

function isProject(folder: string): boolean {
  return findProjectExtension(folder) !== undefined;
}

/** Extension of the Pulumi project's file in a folder, `.yaml` or `.yml`; undefined if there is none. */
export function findProjectExtension(folder: string): string | undefined {
  return [".yaml", ".yml"].find((end) => existsSync(join(folder, `Pulumi${end}`)));
}
