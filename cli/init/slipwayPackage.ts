import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { minVersion } from "semver";

/** The part of Slipway's own package.json that `slipway init` reads. */
export interface SlipwayPackage {
  /** Folder of the package. */
  readonly folder: string;
  readonly version: string;
  /** Pulumi's SDKs, which the program that installs the package has to have. */
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Finds Slipway's own package: this file is in it, compiled or not. */
export function readSlipwayPackage(folder = __dirname): SlipwayPackage {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return readSlipwayPackage(dirname(folder));
  const content = JSON.parse(readFileSync(file, "utf8")) as {
    version: string;
    peerDependencies?: Record<string, string>;
    peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  };
  const { peerDependencies = {}, peerDependenciesMeta = {}, version } = content;
  const needed = Object.entries(peerDependencies).filter(
    ([name]) => !peerDependenciesMeta[name]?.optional,
  );
  return { folder, version, peerDependencies: Object.fromEntries(needed) };
}

/** The version of npm's `pulumi`, Pulumi's CLI: the one that this version of Slipway was tested with. */
export function findCliVersion(peerDependencies: SlipwayPackage["peerDependencies"]): string {
  return minVersion(peerDependencies["@pulumi/pulumi"] ?? "")?.version ?? "latest";
}
