import semver from "semver";

import { tryParseJson } from "../../components/json";
import type { PackageManager } from "./packageManager";

/** Something that does not run with every version of Node. */
export interface NodeLimit {
  /** What it is, as text that continues "the newest that". */
  readonly subject: string;
  readonly takes: (major: number) => boolean;
}

/**
 * Packages with native code that don't compile with later versions of Node, and those that need an older one for another
 * reason: by name, the newest Node that the majors before the given one take.
 */
const newestNodes: readonly [name: string, before: number, node: number][] = [
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
  // Their hash is none that OpenSSL 3 has, which came with Node 17.
  ["webpack", 5, 16],
  ["gatsby", 4, 16],
];

/** What limits the version of Node, the certain limits first: packages of the lock file, and the package manager. */
export function findNodeLimits(
  lock: string,
  { name, version = "" }: Pick<PackageManager, "name" | "version">,
): NodeLimit[] {
  const packages = newestNodes
    .filter(([one, before]) => isLocked(lock, one, before))
    .map(([one, , node]) => upTo(node, `\`${one}\` runs with`));
  // https://github.com/pnpm/pnpm/issues/6424
  const isOldPnpm = name === "pnpm" && Number.parseInt(version, 10) < 8;
  const manager = isOldPnpm ? [upTo(18, `\`pnpm@${version}\` runs with`)] : [];
  return [...packages, ...manager, ...findEngines(lock)];
}

function upTo(node: number, subject: string): NodeLimit {
  return { subject, takes: (major) => major <= node };
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

interface LockedPackage {
  readonly engines?: unknown;
  readonly optional?: boolean;
}

/** `engines` of the packages in a lock file of npm; those of other managers don't have them. */
function findEngines(lock: string): NodeLimit[] {
  const { packages = {} } = (tryParseJson(lock) ?? {}) as {
    packages?: Readonly<Record<string, LockedPackage>>;
  };
  return Object.entries(packages).flatMap(([path, { engines, optional }]) => {
    const range = (engines as { node?: unknown } | null | undefined)?.node;
    const isRange = typeof range === "string" && semver.validRange(range) !== null;
    // The entry without a path is the site itself, whose `engines` are read elsewhere.
    if (path === "" || optional || !isRange) return [];
    return {
      subject: `\`${path.split("node_modules/").at(-1)}\` takes`,
      takes: (major) => semver.intersects(range, `${major}.x`),
    };
  });
}
