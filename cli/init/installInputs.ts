import { posix } from "node:path";

import { type PackageJson, readPackageJson, type Repository } from "./repository";

/** Scripts of package.json that run when its packages are installed. */
const lifecycle = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];

/**
 * Files and folders that installing the packages of a site reads, beside package.json and the lock file:
 * what its own install scripts name, and packages that are files of the repository.
 *
 * @returns paths relative to the build's context
 */
export function findInstallInputs(repository: Repository, context: string, site: string): string[] {
  const inputs = [...new Set([context, site])].flatMap((folder) => {
    const manifest = readPackageJson(repository, folder) ?? {};
    return [...listScriptWords(manifest), ...listFilePackages(manifest)]
      .map((word) => posix.join(folder, word))
      .filter((path) => isThere(repository, path))
      .map((path) => posix.relative(context, widen(path, folder)));
  });
  return [...new Set(inputs)].filter((path) => path !== "" && !path.startsWith("..")).sort();
}

function listScriptWords({ scripts = {} }: PackageJson): string[] {
  return lifecycle
    .flatMap((name) => (scripts[name] ?? "").split(/[\s;&|"']+/))
    .filter((word) => /[./]/.test(word) && !word.startsWith("-"));
}

/** `file:` packages that are archives; of folders, package.json is there anyway. */
function listFilePackages({ dependencies, devDependencies }: PackageJson): string[] {
  return Object.values({ ...dependencies, ...devDependencies }).flatMap(
    (range) => /^(?:file:)?(.+\.tgz|.+\.tar\.gz)$/.exec(range)?.[1] ?? [],
  );
}

function isThere({ files }: Repository, path: string): boolean {
  return files.some((file) => file === path || file.startsWith(`${path}/`));
}

/** A script may read what is beside it: its top folder, unless it is at the top itself. */
function widen(path: string, folder: string): string {
  const [first, ...rest] = posix.relative(folder, path).split("/");
  return rest.length === 0 || first === ".." ? path : posix.join(folder, first);
}
