import { execFile } from "node:child_process";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

import { bundlePlugin, writeLauncher } from "./bundle";

const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** Limit for the CLI, which without a network tries for minutes. */
const INSTALL_TIMEOUT_MS = 15_000;

/** File that distinguishes a stand-in from an installed plugin. */
const STAND_IN_MARK = "STAND-IN";

/** Where a plugin comes from. */
export type PluginSource = "PATH" | "installed" | "stand-in";

/** The selected plugin. */
export interface SelectedPlugin {
  readonly name: string;
  readonly source: PluginSource;

  /** The executable. */
  readonly path: string;
}

/** Options for finding, installing or building a plugin. */
export interface SelectOptions {
  /** Name of the provider, such as `kubernetes`. */
  readonly name: string;
  readonly version: string;

  /** Value of `PATH`. */
  readonly path: string;

  /** Value of `PULUMI_HOME`. */
  readonly pulumiHome: string;

  /** The Pulumi CLI. */
  readonly pulumi: string;

  /** Folder for bundles, and for the record of a failed download. */
  readonly cacheDirectory: string;

  /** Environment of the CLI. */
  readonly environment: NodeJS.ProcessEnv;

  /** Downloads the plugin into `pulumiHome`; rejects if that is not possible. */
  readonly install?: (options: SelectOptions) => Promise<void>;

  /** Current time, in milliseconds since 1970. */
  readonly now?: number;
}

/**
 * Selects a provider plugin: one on `PATH`, else the official one that the CLI has or can download, else this
 * project's stand-in. After a failed download, the next attempt is a day later.
 */
export async function selectPlugin(options: SelectOptions): Promise<SelectedPlugin> {
  const { name, cacheDirectory } = options;
  const official = (await findOnPath(options)) ?? (await findOrInstall(options));
  if (official !== undefined) return official;

  // The CLI's own folder, since a plugin on PATH causes a warning in every run.
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
  // The CLI downloads nothing into an existing folder.
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

/** Returns the folder in which the CLI keeps this plugin. */
function installationFolder({ name, version, pulumiHome }: SelectOptions): string {
  return path.join(pulumiHome, "plugins", `resource-${name}-v${version}`);
}

async function exists(file: string, mode = constants.F_OK): Promise<boolean> {
  return fs.access(file, mode).then(
    () => true,
    () => false,
  );
}

/** Returns the time in a record; if there is none, a time long ago. */
async function readTime(note: string): Promise<number> {
  const time = Date.parse((await fs.readFile(note, "utf8").catch(() => "")).trim());
  return Number.isNaN(time) ? -Infinity : time;
}

function executableName(name: string): string {
  return `pulumi-resource-${name}`;
}
