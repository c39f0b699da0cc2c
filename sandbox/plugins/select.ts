import { execFile } from "node:child_process";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

import { bundlePlugin, writeLauncher } from "./bundle";

const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** Without a network the CLI tries for minutes. */
const INSTALL_TIMEOUT_MS = 15_000;

/** File that tells a stand-in from an installed plugin. */
const STAND_IN_MARK = "STAND-IN";

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

  /** Value of `PATH`. */
  readonly path: string;

  /** Value of `PULUMI_HOME`. */
  readonly pulumiHome: string;

  /** The Pulumi CLI. */
  readonly pulumi: string;

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
  const { name, cacheDirectory } = options;
  const official = (await findOnPath(options)) ?? (await findOrInstall(options));
  if (official !== undefined) return official;

  // Where the CLI looks for what it installed: on PATH it would warn of the plugin in every run.
  const folder = installationFolder(options);
  const launcher = path.join(folder, executableName(name));
  await writeLauncher(launcher, await bundlePlugin(name, cacheDirectory));
  await fs.writeFile(path.join(folder, STAND_IN_MARK), "See sandbox/plugins.\n");
  return { name, source: "stand-in", path: launcher };
}

async function findOnPath({
  name,
  path: folders,
}: SelectOptions): Promise<SelectedPlugin | undefined> {
  for (const folder of folders.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, executableName(name));
    if (await exists(file, constants.X_OK)) {
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
  // The CLI downloads nothing into a folder that is there.
  await fs.rm(installationFolder(options), { recursive: true, force: true });
  try {
    await (options.install ?? installPlugin)(options);
  } catch {
    await fs.mkdir(options.cacheDirectory, { recursive: true });
    await fs.writeFile(note, `${new Date(now).toISOString()}\n`);
    return undefined;
  }
  return findInstalled(options);
}

/** Downloads an official plugin with the Pulumi CLI. */
async function installPlugin(options: SelectOptions): Promise<void> {
  const { name, version, pulumi, pulumiHome, environment } = options;
  await promisify(execFile)(pulumi, ["plugin", "install", "resource", name, version], {
    env: { ...environment, PULUMI_HOME: pulumiHome },
    timeout: INSTALL_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
}

async function findInstalled(options: SelectOptions): Promise<SelectedPlugin | undefined> {
  const folder = installationFolder(options);
  const file = path.join(folder, executableName(options.name));
  const isStandIn = await exists(path.join(folder, STAND_IN_MARK));
  return !isStandIn && (await exists(file, constants.X_OK))
    ? { name: options.name, source: "installed", path: file }
    : undefined;
}

/** Folder in which the CLI keeps this plugin. */
function installationFolder({ name, version, pulumiHome }: SelectOptions): string {
  return path.join(pulumiHome, "plugins", `resource-${name}-v${version}`);
}

async function exists(file: string, mode = constants.F_OK): Promise<boolean> {
  return fs.access(file, mode).then(
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
