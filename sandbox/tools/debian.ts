import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { createLogError, runLogged, tryLogged, type LoggedCommand } from "./command";
import { ToolError } from "./errors";
import { computeKey } from "./key";
import type { BuildContext, Progress } from "./tool";
import type { DebianSource } from "./catalogue";

/**
 * Cache key of a Debian source: the release decides the version. An update within a release is used after `make
 * clean`.
 */
export function computeDebianKey(source: DebianSource): string {
  const release = /^VERSION_CODENAME=.*$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[0];
  return computeKey(source, process.arch, release);
}

/**
 * Downloads a package and its dependencies that the machine lacks, and unpacks them. Nothing is installed, so that
 * services of the same name on this machine don't change.
 *
 * @param home the folder's final path, which is written into scripts
 * @returns the package's version
 */
export async function unpackDebianPackage(
  source: DebianSource,
  context: BuildContext,
  home: string,
  progress: Progress,
): Promise<string> {
  const archives = join(context.target, "archives");
  const root = join(context.target, "root");
  await mkdir(join(archives, "partial"), { recursive: true });
  await mkdir(root);

  progress("downloading");
  await download(source.package, archives, context, progress);
  let version: string | undefined;
  for (const archive of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
    progress(`unpacking ${archive}`);
    const file = join(archives, archive);
    await runLogged(
      { ...commandIn(context), command: ["dpkg-deb", "-x", file, root] },
      `Unpacking \`${archive}\``,
      "Run the same again.",
    );
    if (archive.startsWith(`${source.package}_`)) {
      version = execFileSync("dpkg-deb", ["-f", file, "Version"], { encoding: "utf8" }).trim();
    }
  }
  await rm(archives, { recursive: true });
  await linkPrograms(source, context.target, home);
  return version ?? "";
}

// Otherwise apt would write its own caches and lock the machine's package system only to download.
const aptOptions = ["Debug::NoLocking=1", "Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache="];

async function download(
  name: string,
  archives: string,
  context: BuildContext,
  progress: Progress,
): Promise<void> {
  const options = [...aptOptions, `Dir::Cache::archives=${archives}`, "APT::Sandbox::User=root"];
  const install: LoggedCommand = {
    ...commandIn(context),
    command: [
      "apt-get",
      "install",
      "--download-only",
      "--no-install-recommends",
      // Downloads it even if it is installed: only programs from PATH may be the machine's.
      "--reinstall",
      "--yes",
      ...options.flatMap((option) => ["-o", option]),
      name,
    ],
  };
  if (await tryLogged(install)) return;

  // The machine has no package lists, or its lists name versions that have been replaced since.
  progress("updating the machine's package lists (apt-get update)");
  await tryLogged({ ...commandIn(context), command: ["apt-get", "update"] });
  progress("downloading");
  if (await tryLogged(install)) return;
  throw await createLogError(
    `Downloading the Debian package \`${name}\``,
    context.log,
    "See that `apt-get update` works on this machine and that its sources have the package, then run the same again.",
  );
}

function commandIn({ environment, log, target }: BuildContext): Omit<LoggedCommand, "command"> {
  // The output goes into the log, and its end into an error, whose text is English.
  return { cwd: target, environment: { ...environment, LC_ALL: "C.UTF-8" }, log };
}

async function linkPrograms(source: DebianSource, target: string, home: string): Promise<void> {
  await mkdir(join(target, "bin"));
  for (const [name, file] of Object.entries(source.files ?? {})) {
    const folder = ["usr/bin", "usr/sbin", "bin", "sbin"].find((candidate) =>
      isInside(join(target, "root"), join(candidate, file)),
    );
    if (folder === undefined) {
      throw new ToolError(`The Debian package \`${source.package}\` holds no program \`${file}\`.`);
    }
    await linkProgram(source, target, home, name, join(folder, file));
  }
  for (const [name, folder] of Object.entries(source.folders ?? {})) {
    await symlink(join("..", "root", folder), join(target, "bin", name));
  }
}

/** Whether a file is inside the folder. A link with an absolute path would lead to the machine's own files. */
function isInside(root: string, file: string): boolean {
  const path = join(root, file);
  return existsSync(path) && realpathSync(path).startsWith(realpathSync(root));
}

// Links a program, or writes a script if it needs environment variables: the programs it starts inherit those, too.
async function linkProgram(
  source: DebianSource,
  target: string,
  home: string,
  name: string,
  file: string,
): Promise<void> {
  const link = join(target, "bin", name);
  const libraries = findLibraries(join(target, "root")).map((folder) => join(home, "root", folder));
  const variables = Object.entries(source.environment ?? {}).map(([variable, value]) => [
    variable,
    value.replace("{root}", join(home, "root")).replace("{lib}", libraries[0] ?? ""),
  ]);
  if (libraries.length > 0) variables.push(["LD_LIBRARY_PATH", libraries.join(":")]);
  if (variables.length === 0) return symlink(join("..", "root", file), link);

  const exports = variables.map(([variable, value]) => `export ${variable}='${value}'\n`).join("");
  await writeFile(link, `#!/bin/sh\n${exports}exec '${join(home, "root", file)}' "$@"\n`);
  await chmod(link, 0o755);
}

/** Folders of shared libraries, such as `usr/lib/x86_64-linux-gnu`. */
function findLibraries(root: string): string[] {
  return ["usr/lib", "lib"].flatMap((parent) =>
    existsSync(join(root, parent))
      ? readdirSync(join(root, parent))
          .filter((name) => name.endsWith("-linux-gnu"))
          .map((name) => join(parent, name))
      : [],
  );
}
