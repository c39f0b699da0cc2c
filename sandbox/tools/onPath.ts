import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join, sep } from "node:path";

import { satisfies } from "semver";

import type { PathRule } from "./catalogue";

/** Result of looking for a program on PATH. */
export type Lookup =
  | { readonly kind: "missing" }
  | { readonly kind: "fits"; readonly path: string; readonly version?: string }
  | { readonly kind: "refused"; readonly path: string; readonly reason: string };

const versionTimeoutMilliseconds = 10_000;

/**
 * Looks for a program on PATH and reads its version.
 *
 * @param ignoredFolder the cache, whose programs don't count as the user's own
 */
export async function lookUp(
  name: string,
  rule: PathRule,
  environment: NodeJS.ProcessEnv,
  ignoredFolder: string,
): Promise<Lookup> {
  const path = findOnPath(name, environment, ignoredFolder);
  if (path === undefined) return { kind: "missing" };
  const { versionArguments, range } = rule;
  if (versionArguments === undefined) return { kind: "fits", path };

  const version = await readVersion(path, versionArguments, environment);
  if (version === undefined)
    return { kind: "refused", path, reason: "it doesn't tell its version" };
  if (range !== undefined && !satisfies(version, range)) {
    return { kind: "refused", path, reason: `it is ${version}, and ${range} is needed` };
  }
  return { kind: "fits", path, version };
}

/** Returns the first version number that a program prints, even if the program fails. */
function readVersion(
  path: string,
  versionArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env: environment, timeout: versionTimeoutMilliseconds };
    execFile(path, versionArguments, options, (_error, stdout, stderr) => {
      resolve(/\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0]);
    });
  });
}

function findOnPath(
  name: string,
  environment: NodeJS.ProcessEnv,
  ignoredFolder: string,
): string | undefined {
  return (environment["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((path) => isProgram(path) && !realpathSync(path).startsWith(ignoredFolder + sep));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
