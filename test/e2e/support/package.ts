import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { checkout } from "./checkout";

const repository = resolve(__dirname, "../../..");

/** A folder with nothing of a checkout above or in it but what a test installs there. */
export const installed = join(checkout, "..", "installed");

/** Runs a program in a folder to its end, and gives what it printed. */
function run(folder: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

/** Runs a program where the package is installed. */
export const runInstalled = (program: string, ...args: string[]): string =>
  run(installed, program, ...args);

/**
 * Empties the folder and installs the package there as another team does, from its tarball. The local SDK stands in
 * for the published `@pulumi/gitlab`, as a tarball too.
 */
export function installPackage(): void {
  const tarballs = join(installed, "tarballs");
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  run(repository, "npm", "run", "build");
  for (const folder of [".", "./sdks/gitlab/bin"]) {
    run(repository, "npm", "pack", folder, "--ignore-scripts", "--pack-destination", tarballs);
  }
  writeFileSync(join(installed, "package.json"), '{ "name": "handbook", "private": true }');
  runInstalled(
    ...(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"] as const),
    ...["--prefer-offline", ...readdirSync(tarballs).map((file) => `./tarballs/${file}`)],
  );
}
