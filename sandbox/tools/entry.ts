import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { fillOnce } from "./cache";
import { computeDebianKey, unpackDebianPackage } from "./debian";
import { buildGoModule, computeGoKey } from "./goModule";
import type { Progress, Tool } from "./tool";
import { toolsOf, type Source } from "./catalogue";

/** A source and its folder in the cache. */
export interface Entry {
  readonly name: string;
  readonly source: Source;
  /** Folder of the Go module. */
  readonly folder: string;
  /** Folder in the cache; if it exists, it is complete. */
  readonly home: string;
}

/** Returns a source's entry in the cache. */
export function createEntry(name: string, source: Source, folder: string, cache: string): Entry {
  const key = source.kind === "go" ? computeGoKey(folder, source) : computeDebianKey(source);
  return { name, source, folder, home: join(cache, `${name}-${key}`) };
}

/** Describes how an entry is filled, and why this takes time. */
export function renderTitle({ name, source }: Entry): string {
  switch (source.kind) {
    case "go": {
      const duration = source.minutes < 1 ? "seconds" : `about ${source.minutes} min`;
      return `${name} ${source.version}: building it from source, as it isn't served ready to run (once; ${duration} on two cores)`;
    }
    case "debian":
      return `${name}: unpacking Debian's package ${source.package}`;
  }
}

/** Builds or downloads the contents of an entry. */
export async function fillEntry(
  { name, source, folder, home }: Entry,
  environment: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<void> {
  const fill = async (target: string): Promise<void> => {
    const log = `${home}.log`;
    await rm(log, { force: true });
    const context = { environment, folder, log, target };
    const version =
      source.kind === "go"
        ? await buildGoModule(name, source, context, progress)
        : await unpackDebianPackage(source, context, home, progress);
    await writeFile(join(target, versionFile), version);
  };
  await fillOnce(home, fill, () => {
    progress("another run does this now; waiting for it");
  });
}

/** Returns the tools of a filled entry. */
export function readTools({ source, home }: Entry): [name: string, tool: Tool][] {
  // The version of a Debian package is known only after the download.
  const version = readFileSync(join(home, versionFile), "utf8");
  return toolsOf(source).map((name) => [
    name,
    { path: join(home, "bin", name), source: source.kind === "go" ? "built" : "Debian", version },
  ]);
}

const versionFile = "version";
