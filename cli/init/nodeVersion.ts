import { posix } from "node:path";

import semver from "semver";

import { listAncestors, readPackageJson, readText, type Repository } from "./repository";

/** The major version of Node that builds a site, and what says so. */
export interface NodeVersion {
  readonly major: number;
  /** File, or the part of it, that names the version; for the default, why it is that one. */
  readonly source: string;
}

/** Even majors with long-term support, the newest first. */
const supported = [24, 22, 20, 18, 16, 14];

/** Names of the releases with long-term support, as `.nvmrc` may have them. */
const codenames: Readonly<Record<string, number>> = {
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
};

/**
 * Packages with native code that don't compile with later versions of Node: by name, the newest Node that
 * the majors before the given one take.
 */
const nativeLimits: readonly [name: string, before: number, node: number][] = [
  ["node-sass", 6, 14],
  ["node-sass", 7, 16],
  ["node-sass", 9, 18],
  ["node-sass", 10, 20],
  ["better-sqlite3", 8, 18],
  ["better-sqlite3", 9, 20],
  ["better-sqlite3", 12, 22],
  ["canvas", 3, 20],
  ["lmdb-store", 2, 16],
  ["fibers", 6, 14],
];

/** Which Node builds a site: what its files say, or else the newest that its lock file can take. */
export function findNodeVersion(
  repository: Repository,
  site: string,
  lockFile: string | undefined,
): NodeVersion {
  for (const folder of listAncestors(site)) {
    const found = findInVersionFile(repository, folder) ?? findInPackageJson(repository, folder);
    if (found !== undefined) return found;
  }
  const lock = lockFile === undefined ? "" : (readText(repository, lockFile) ?? "");
  const limits = nativeLimits.filter(([name, before]) => isLocked(lock, name, before));
  const [strictest] = limits.toSorted(([, , a], [, , b]) => a - b);
  return strictest === undefined
    ? { major: supported[0], source: "the newest with long-term support" }
    : { major: strictest[2], source: `the newest that \`${strictest[0]}\` compiles with` };
}

function findInVersionFile(repository: Repository, folder: string): NodeVersion | undefined {
  for (const name of [".nvmrc", ".node-version", ".tool-versions"]) {
    const source = posix.join(folder, name);
    const text = readText(repository, source);
    const line = name === ".tool-versions" ? /^nodejs\s+(\S+)/m.exec(text ?? "")?.[1] : text;
    const major = line === undefined ? undefined : parseVersion(line.replace(/#.*/gm, "").trim());
    if (major !== undefined) return { major, source: `\`${source}\`` };
  }
  return undefined;
}

/** A version, or one of nvm's names: `lts/hydrogen`, `lts/*`, `node`. */
function parseVersion(text: string): number | undefined {
  const codename = /^lts\/(\w+)$/i.exec(text)?.[1].toLowerCase();
  if (codename !== undefined) return codenames[codename];
  if (["lts/*", "node", "stable"].includes(text)) return supported[0];
  const major = /^v?(\d+)(\.|$)/.exec(text)?.[1];
  return major === undefined ? undefined : Number(major);
}

function findInPackageJson(repository: Repository, folder: string): NodeVersion | undefined {
  const range = readPackageJson(repository, folder)?.engines?.node;
  if (range === undefined || semver.validRange(range) === null) return undefined;
  const major = supported.find((candidate) => semver.intersects(range, `${candidate}.x`));
  const file = posix.join(folder, "package.json");
  return major === undefined ? undefined : { major, source: `\`engines\` of \`${file}\`` };
}

/** Whether a lock file, of any package manager, has a package in a major version before the given one. */
function isLocked(lock: string, name: string, before: number): boolean {
  const patterns = [
    // npm, Yarn 1 and later, pnpm.
    `"node_modules/${name}": \\{\\s+"version": "(\\d+)\\.`,
    `^"?${name}@[^\\n]*:\\n\\s+version:? "?(\\d+)\\.`,
    `^\\s+'?/?${name}[@/](\\d+)\\.`,
  ];
  return patterns.some((pattern) =>
    [...lock.matchAll(new RegExp(pattern, "gm"))].some(([, major]) => Number(major) < before),
  );
}

/** The official image of a version, on the newest Debian that it was published for. */
export function renderNodeImage(major: number): string {
  const debian = major >= 20 || major === 18 || major === 16 ? "bookworm" : "bullseye";
  return `docker.io/library/node:${major}-${debian}-slim`;
}
