import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { checkout } from "../../e2e/support/checkout";
import { installed } from "../../e2e/support/package";

const repository = resolve(__dirname, "../../..");

/**
 * The version that is upgraded from: no version was published yet. After this commit pods got a NetworkPolicy and a
 * disruption budget, and programs became JavaScript, and what the package depends on is the same as here.
 */
const previousCommit = "8e3b857b8af45867248c95417b5de5e659b8f514";

/** Folder where the version before is installed, as {@link installed} is for this one. */
export const previouslyInstalled = `${checkout}-previous`;

/** What of a package.json its compiled files depend on. */
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Builds the version before out of this repository's history, and installs it. The package of this checkout is installed. */
export function installPreviousPackage(): void {
  const sources = mkdtempSync(join(tmpdir(), "slipway-previous-"));
  const tarballs = join(previouslyInstalled, "tarballs");
  rmSync(previouslyInstalled, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  try {
    checkOut(sources);
    checkDependencies(sources);
    symlinkSync(join(repository, "node_modules"), join(sources, "node_modules"));
    run(sources, "npm", "run", "build");
    run(sources, "npm", "pack", "--ignore-scripts", "--pack-destination", tarballs);
  } finally {
    rmSync(sources, { recursive: true });
  }
  // The local SDK did not change.
  const sdk = readdirSync(join(installed, "tarballs")).filter((file) => file.startsWith("pulumi-"));
  for (const file of sdk) cpSync(join(installed, "tarballs", file), join(tarballs, file));
  writeFileSync(join(previouslyInstalled, "package.json"), '{ "name": "before", "private": true }');
  run(
    previouslyInstalled,
    ...(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"] as const),
    ...["--prefer-offline", ...readdirSync(tarballs).map((file) => `./tarballs/${file}`)],
  );
}

/** The package's tarball below a folder where it is installed. */
export function findTarball(installation: string): string {
  const tarballs = join(installation, "tarballs");
  const [file] = readdirSync(tarballs).filter((name) => name.startsWith("slipway-"));
  return join(tarballs, file);
}

function checkOut(folder: string): void {
  try {
    run(repository, "git", "cat-file", "-e", `${previousCommit}^{commit}`);
  } catch {
    throw new Error(
      `This clone has no commit ${previousCommit}, of which the version before is built. Fetch the whole history: git fetch --unshallow`,
    );
  }
  run(repository, "bash", "-c", `git archive ${previousCommit} | tar -x -C "$0"`, folder);
}

/** It is compiled with this checkout's packages. */
function checkDependencies(sources: string): void {
  const [before, now] = [sources, repository].map(
    (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest,
  );
  const names = (["dependencies", "peerDependencies"] as const).flatMap((kind) =>
    Object.keys(before[kind]).filter((name) => before[kind][name] !== now[kind][name]),
  );
  if (names.length === 0) return;
  throw new Error(
    `Commit ${previousCommit} has other versions of ${names.join(", ")} than this checkout, with whose packages it is compiled. Name a later commit in \`previousCommit\`.`,
  );
}

function run(folder: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}
