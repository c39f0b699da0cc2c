import { posix } from "node:path";

import { parse } from "yaml";

import { isWorkspaceMember } from "./workspaces";
import { listAncestors, readPackageJson, readText, type Repository } from "./repository";

/** What installs the packages of a site. */
export interface PackageManager {
  readonly name: "npm" | "yarn" | "pnpm";
  /** Version to install, or the range of it; undefined for the npm that comes with Node. */
  readonly version?: string;
  /** Whether it is Yarn 2 or later. */
  readonly isBerry?: boolean;
  /** Whether Yarn leaves the packages in its cache instead of `node_modules`. */
  readonly isPlugAndPlay?: boolean;
  /** Path of the lock file; undefined if there is none. */
  readonly lockFile?: string;
  /** Path of Bun's lock file, which none of the three reads; only if there is no other. */
  readonly bunLock?: string;
  /** Folder that packages are installed in: that of the lock file, above the site in a workspace. */
  readonly folder: string;
}

const lockFiles = {
  "package-lock.json": "npm",
  "npm-shrinkwrap.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
} as const;

/** Which package manager a site uses: the lock file says it, or else `packageManager` of package.json. */
export function findPackageManager(repository: Repository, site: string): PackageManager {
  const folder = findInstallFolder(repository, site);
  const declared = findDeclared(repository, site);
  const present = Object.entries(lockFiles)
    .map(([file, name]) => ({ file: posix.join(folder, file), name }))
    .filter(({ file }) => repository.files.includes(file));
  // Several lock files: the one of the declared manager is the one that is kept up to date.
  const lock = present.find(({ name }) => name === declared?.name) ?? present.at(0);
  const name = lock?.name ?? declared?.name ?? "npm";
  const bunLock = ["bun.lock", "bun.lockb"]
    .map((file) => posix.join(folder, file))
    .find((file) => lock === undefined && repository.files.includes(file));
  const found = { name, folder, lockFile: lock?.file, bunLock };
  const version = declared?.name === name ? declared.version : undefined;
  if (name === "yarn") return { ...found, ...findYarn(repository, found, version) };
  if (name === "pnpm") return { ...found, version: version ?? findPnpm(repository, found) };
  return { ...found, version };
}

/** The site's own folder, unless it is a member of a workspace: then that of the workspace. */
function findInstallFolder(repository: Repository, site: string): string {
  const workspace = listAncestors(site)
    .slice(1)
    .find((folder) => isWorkspaceMember(repository, folder, site));
  return workspace ?? site;
}

/** `packageManager` of the nearest package.json that has it, without the hash of the version. */
function findDeclared(repository: Repository, site: string) {
  for (const folder of listAncestors(site)) {
    const { packageManager = "" } = readPackageJson(repository, folder) ?? {};
    const [, name, version] = /^(npm|yarn|pnpm)@(\d[^+]*)/.exec(packageManager) ?? [];
    if (name !== undefined) return { name: name as PackageManager["name"], version };
  }
  return undefined;
}

type Found = Pick<PackageManager, "folder" | "lockFile">;

/** The last version of Yarn 1: nothing is added to it any more. */
const classicVersion = "1.22.22";

function findYarn(repository: Repository, { folder, lockFile }: Found, declared?: string) {
  const settings = readYaml(repository, posix.join(folder, ".yarnrc.yml"));
  const lock = lockFile === undefined ? "" : (readText(repository, lockFile) ?? "");
  const isBerry =
    declared !== undefined
      ? !declared.startsWith("1.")
      : lock.includes("__metadata:") || settings !== undefined;
  if (!isBerry) return { version: declared ?? classicVersion, isBerry };
  const released = /yarn-(\d+\.\d+\.\d+[^/]*)\.c?js$/.exec(toText(settings?.yarnPath))?.[1];
  const linker = settings?.nodeLinker ?? "pnp";
  return {
    version: declared ?? released ?? findBerryRelease(lock),
    isBerry,
    isPlugAndPlay: linker === "pnp",
  };
}

/** Major version of Yarn that wrote a lock file. */
function findBerryRelease(lock: string): string {
  const format = Number(/__metadata:\s+version: (\d+)/.exec(lock)?.[1] ?? 8);
  if (format >= 8) return "4";
  return format >= 6 ? "3" : "2";
}

/**
 * Major version of pnpm that wrote a lock file. Of the two that write format 9, version 10 runs no install
 * script that the site does not name: a site that names some is of that version.
 */
function findPnpm(repository: Repository, { folder, lockFile }: Found): string {
  const settings = readYaml(repository, posix.join(folder, "pnpm-workspace.yaml"));
  const { pnpm = {} } = readPackageJson(repository, folder) ?? {};
  const lock = lockFile === undefined ? undefined : readYaml(repository, lockFile);
  const format = Number.parseFloat(toText(lock?.lockfileVersion ?? 9));
  if (format < 6) return "7";
  if (format < 7) return "8";
  const isTen = settings !== undefined && settings.packages === undefined;
  return isTen || "onlyBuiltDependencies" in { ...pnpm, ...settings } ? "10" : "9";
}

function readYaml(repository: Repository, file: string): Record<string, unknown> | undefined {
  const text = readText(repository, file);
  if (text === undefined) return undefined;
  try {
    const value: unknown = parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A text or a number of a YAML file. */
function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
