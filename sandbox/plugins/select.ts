import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";

import { bundlePlugin, writeLauncher } from "./bundle";
import { installPlugin } from "./pluginInstall";

const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** Where a plugin comes from. */
export type PluginSource = "PATH" | "installed" | "stand-in";

/** The plugin that a run uses. */
export interface SelectedPlugin {
  readonly name: string;
  readonly source: PluginSource;

  /** The executable. */
  readonly path: string;
}

/** What is needed to find, install or make a plugin. */
export interface SelectOptions {
  /** Such as `kubernetes`. */
  readonly name: string;
  readonly version: string;

  /** Value of `PATH`, without the folder that stand-ins are written to. */
  readonly path: string;

  /** Value of `PULUMI_HOME`. */
  readonly pulumiHome: string;

  /** The Pulumi CLI. */
  readonly pulumi: string;

  /** Folder on `PATH` that a stand-in's executable is written to. */
  readonly binDirectory: string;

  /** Folder for bundles, and for the note that a download failed. */
  readonly cacheDirectory: string;

  /** Environment of the CLI. */
  readonly environment: NodeJS.ProcessEnv;

  /** Downloads the plugin into `pulumiHome`; rejects where that is not possible. */
  readonly install?: (options: SelectOptions) => Promise<void>;

  /** The present, in milliseconds. */
  readonly now?: number;
}

/**
 * Chooses a provider plugin: one that is on `PATH`, else the official one that the CLI has or can download, else this
 * project's stand-in. After a download that failed, the next is tried a day later.
 */
export async function selectPlugin(options: SelectOptions): Promise<SelectedPlugin> {
  const { name, binDirectory, cacheDirectory } = options;
  const launcher = path.join(binDirectory, executableName(name));
  const official = (await findOnPath(options)) ?? (await findOrInstall(options));
  if (official !== undefined) {
    // Left from a run that had no other, it would win over this one.
    await fs.rm(launcher, { force: true });
    return official;
  }
  await writeLauncher(launcher, await bundlePlugin(name, cacheDirectory));
  return { name, source: "stand-in", path: launcher };
}

async function findOnPath({
  name,
  path: folders,
  binDirectory,
}: SelectOptions): Promise<SelectedPlugin | undefined> {
  for (const folder of folders.split(path.delimiter).filter(Boolean)) {
    if (path.resolve(folder) === path.resolve(binDirectory)) {
      // The stand-in of an earlier run.
      continue;
    }
    const file = path.join(folder, executableName(name));
    if (await isExecutable(file)) {
      return { name, source: "PATH", path: file };
    }
  }
  return undefined;
}

async function findOrInstall(options: SelectOptions): Promise<SelectedPlugin | undefined> {
  const found = await findInstalled(options);
  const note = path.join(
    options.cacheDirectory,
    `${options.name}-${options.version}.not-downloaded`,
  );
  const now = options.now ?? Date.now();
  if (found !== undefined || now < (await readTime(note)) + RETRY_AFTER_MS) {
    return found;
  }
  try {
    await (options.install ?? installPlugin)(options);
  } catch {
    await fs.mkdir(options.cacheDirectory, { recursive: true });
    await fs.writeFile(note, `${new Date(now).toISOString()}\n`);
    return undefined;
  }
  return findInstalled(options);
}

async function findInstalled(options: SelectOptions): Promise<SelectedPlugin | undefined> {
  const { name, version, pulumiHome } = options;
  const folder = path.join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  const file = path.join(folder, executableName(name));
  return (await isExecutable(file)) ? { name, source: "installed", path: file } : undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return fs.access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The time a note holds; long ago where there is none. */
async function readTime(note: string): Promise<number> {
  const time = Date.parse((await fs.readFile(note, "utf8").catch(() => "")).trim());
  return Number.isNaN(time) ? -Infinity : time;
}

function executableName(name: string): string {
  return `pulumi-resource-${name}`;
}
