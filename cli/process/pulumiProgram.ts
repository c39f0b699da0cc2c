import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

import { UserError } from "../errors";

/** Resolves npm's package, and writes the path to a pipe: the installer prints to standard output. */
const script = `
  require(process.argv[1]).resolve().then(
    (path) => fs.writeSync(3, path),
    (error) => { console.error(error.message); process.exitCode = 1; },
  );`;

const found = new Map<string, string>();

/**
 * Finds the Pulumi CLI: the one on PATH, or else the one of npm's package `pulumi`, which downloads it when it is used for
 * the first time. `npx` puts the program of that package first on PATH, where it would win over an installed Pulumi; and it
 * starts the CLI as a process of its own, which would not be the one that holds the lock.
 *
 * @returns path of the program; its plain name if there is none
 * @throws UserError if the download fails
 */
export function findPulumi(env: NodeJS.ProcessEnv, cwd: string): string {
  const key = [env.PATH, cwd].join("\n");
  const known = found.get(key);
  if (known !== undefined) return known;
  const program = findOnPath(env.PATH ?? "") ?? installFromNpm(env, cwd) ?? "pulumi";
  found.set(key, program);
  return program;
}

function findOnPath(path: string): string | undefined {
  // Windows adds the ending of a program's name by itself.
  if (process.platform === "win32") return undefined;
  return path
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")))
    .map((folder) => join(folder, "pulumi"))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installFromNpm(env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  const file = tryResolve("pulumi/lib/resolve.js", cwd);
  if (file === undefined) return undefined;
  const { output, status } = spawnSync(process.execPath, ["-e", script, file], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", 2, 2, "pipe"],
  });
  const path = output.at(3) ?? "";
  if (status === 0 && path !== "") return path;
  throw new UserError(
    "Pulumi is not on PATH, and npm's package `pulumi` could not download it: the reason is above. Install Pulumi (https://www.pulumi.com/docs/install/), or allow https to get.pulumi.com.",
  );
}

function tryResolve(module: string, cwd: string): string | undefined {
  try {
    return createRequire(join(cwd, "package.json")).resolve(module);
  } catch {
    return undefined;
  }
}
