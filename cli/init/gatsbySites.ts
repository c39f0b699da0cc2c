import { posix } from "node:path";

import { readPackageJson, type Repository } from "./repository";

/** The folders with a Gatsby site: their package.json depends on `gatsby`. */
export function findGatsbySites(repository: Repository): string[] {
  return repository.files
    .filter((file) => posix.basename(file) === "package.json")
    .filter((file) => !file.split("/").includes("node_modules"))
    .map((file) => posix.dirname(file))
    .filter((folder) => isSite(repository, folder));
}

/** A theme or a plugin depends on `gatsby` too, but has no configuration of a site, or is a peer of it. */
function isSite(repository: Repository, folder: string): boolean {
  const { dependencies, devDependencies } = readPackageJson(repository, folder) ?? {};
  if (dependencies?.gatsby === undefined && devDependencies?.gatsby === undefined) return false;
  return (
    hasFile(repository, folder, /^gatsby-config\.(js|mjs|cjs|ts)$/) ||
    hasFile(repository, folder, /^src\/pages\//)
  );
}

function hasFile({ files }: Repository, folder: string, pattern: RegExp): boolean {
  const prefix = folder === "." ? "" : `${folder}/`;
  return files.some((file) => file.startsWith(prefix) && pattern.test(file.slice(prefix.length)));
}
