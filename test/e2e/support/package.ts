import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";

import { checkout } from "./checkout";

const repository = resolve(__dirname, "../../..");

/** A folder outside of every checkout, which contains only what a test installs there. */
export const installed = `${checkout}-installed`;

/** Runs a program in a folder until it ends, and returns its output. */
function run(folder: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

/** Runs a program in the folder where the package is installed. */
export const runInstalled = (program: string, ...args: string[]): string =>
  run(installed, program, ...args);

/**
 * Empties the folder and installs the package there from its tarball, as another team does. The local SDK replaces
 * the published `@pulumi/gitlab`, also as a tarball.
 */
export function installPackage(): void {
  const tarballs = join(installed, "tarballs");
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const pack = `npm pack . ./sdks/gitlab/bin --ignore-scripts --pack-destination "$0"`;
  // Another process of Jest may build the same files: one after the other, until they are packed.
  const lock = join(repository, ".sandbox", "package.lock");
  run(repository, "flock", lock, "bash", "-c", `npm run build && ${pack}`, tarballs);
  writeFileSync(join(installed, "package.json"), '{ "name": "handbook", "private": true }');
  runInstalled(
    ...(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"] as const),
    ...["--prefer-offline", ...readdirSync(tarballs).map((file) => `./tarballs/${file}`)],
  );
  writeFileSync(stamp, computeSourcesSum());
}

/** What the package is made of. */
const sources = ["cli", "components", "config", "sdks", "templates", "index.ts", "package.json"];
const stamp = join(installed, ".sources");

/** Like {@link installPackage}, unless the package was installed from the same files before. */
export function ensurePackage(): void {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === computeSourcesSum()) return;
  installPackage();
}

function computeSourcesSum(): string {
  const listed = run(
    repository,
    "git",
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
    "--",
    ...sources,
  );
  const files = listed.split("\0").filter((file) => existsSync(join(repository, file)));
  const sum = createHash("sha256");
  for (const file of files) {
    sum.update(`${file} ${statSync(join(repository, file)).mtimeMs}\n`);
  }
  return sum.digest("hex");
}
