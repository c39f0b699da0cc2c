import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { ToolError } from "./errors";

/** Folder for everything that later runs and other checkouts can use again. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const given = environment["SLIPWAY_CACHE"];
  if (given) return given;
  return join(
    environment["XDG_CACHE_HOME"] || join(environment["HOME"] ?? homedir(), ".cache"),
    "slipway",
  );
}

/**
 * Fills a folder of the cache, unless it exists. A folder that exists is complete, because it is renamed last. Runs
 * that want the same folder wait for each other, and what a killed run left is removed.
 *
 * @param fill writes into the given folder
 * @param waiting called if another run is filling the folder now
 */
export async function fillOnce(
  folder: string,
  fill: (partial: string) => Promise<void>,
  waiting: () => void,
): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, waiting, async () => {
    if (existsSync(folder)) return;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    await fill(partial);
    await rename(partial, folder);
  });
}

const noticeMilliseconds = 500;

/**
 * Runs work while holding a lock of the kernel. The lock ends with the process that holds it, which ends when this
 * process does (its input closes), however that happens. So no lock is ever stale.
 */
export async function withLock<T>(
  file: string,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const holder = spawn("flock", ["--no-fork", file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const notice = setTimeout(waiting, noticeMilliseconds);
  const ended = new Promise<never>((_resolve, reject) => {
    holder.once("error", reject);
    holder.once("exit", (code) => {
      reject(
        new ToolError(`\`${file}\` can't be locked: \`flock\` ended with ${code ?? "a signal"}.`),
      );
    });
  });
  // An early end matters only until the lock is held; afterwards this process ends it.
  ended.catch(() => undefined);
  try {
    await Promise.race([once(holder.stdout, "data"), ended]);
    clearTimeout(notice);
    return await work();
  } finally {
    clearTimeout(notice);
    holder.stdin.end();
  }
}
