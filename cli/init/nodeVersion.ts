import { posix } from "node:path";

import semver from "semver";

import { findNodeLimits, type NodeLimit } from "./nodeLimits";
import type { PackageManager } from "./packageManager";
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
 * Which Node builds a site: the version that its files name, or else the newest that they and its lock file take.
 *
 * @param dockerfileMajor version of Node in a Dockerfile that is there
 */
export function findNodeVersion(
  repository: Repository,
  site: string,
  manager: Pick<PackageManager, "name" | "version" | "lockFile">,
  dockerfileMajor?: number,
): NodeVersion {
  const { lockFile } = manager;
  const lock = lockFile === undefined ? "" : (readText(repository, lockFile) ?? "");
  const limits = findNodeLimits(lock, manager);
  for (const folder of listAncestors(site)) {
    const found =
      findInVersionFile(repository, folder) ?? findInPackageJson(repository, folder, limits);
    if (found !== undefined) return found;
  }
  if (dockerfileMajor !== undefined) return { major: dockerfileMajor, source: "the Dockerfile's" };
  const { major, subject } = findNewest(supported, limits);
  const reason = subject === undefined ? "with long-term support" : `that ${subject}`;
  return { major, source: `the newest ${reason}` };
}

/**
 * The newest version that the limits allow, and the subject of the one that excludes the next. A limit that leaves none
 * does not count: package managers only warn about it.
 */
function findNewest(candidates: readonly number[], limits: readonly NodeLimit[]) {
  let left = candidates;
  let subject: string | undefined;
  for (const limit of limits) {
    const taken = left.filter((major) => limit.takes(major));
    if (taken.length === 0 || taken[0] === left[0]) continue;
    left = taken;
    subject = limit.subject;
  }
  return { major: left[0], subject };
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

/** Exact versions (Volta's, `devEngines`) or the range of `engines`, whose newest is taken that the limits allow. */
function findInPackageJson(
  repository: Repository,
  folder: string,
  limits: readonly NodeLimit[],
): NodeVersion | undefined {
  const { devEngines, engines, volta } = readPackageJson(repository, folder) ?? {};
  const file = posix.join(folder, "package.json");
  const runtimes = [devEngines?.runtime ?? []].flat().filter(({ name }) => name === "node");
  const ranges = {
    volta: volta?.node,
    devEngines: runtimes.at(0)?.version,
    engines: engines?.node,
  };
  for (const [key, range] of Object.entries(ranges)) {
    if (range === undefined || semver.validRange(range) === null) continue;
    const exact = semver.valid(range);
    const candidates = exact === null ? supported : [semver.major(exact)];
    const inRange = candidates.filter((major) => semver.intersects(range, `${major}.x`));
    if (inRange.length === 0) continue;
    return { major: findNewest(inRange, limits).major, source: `\`${key}\` of \`${file}\`` };
  }
  return undefined;
}

/** The official image of a version, on the newest Debian that it was published for. */
export function renderNodeImage(major: number): string {
  const debian = major >= 20 || major === 18 || major === 16 ? "bookworm" : "bullseye";
  return `docker.io/library/node:${major}-${debian}-slim`;
}
