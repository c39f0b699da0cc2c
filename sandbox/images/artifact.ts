import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const unfinished = /^partial-(\d+)-/;

/**
 * A folder that is there complete or not at all: it is filled under another name, and then renamed. What
 * an earlier run left unfinished is removed.
 *
 * @param name names what is in it, with everything that decides about that
 * @param fill makes it; is not asked when it exists
 * @returns the folder
 */
export async function makeArtifact(
  parent: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(parent, name);
  if (existsSync(folder)) return folder;
  removeUnfinished(parent);

  const partial = join(parent, `partial-${process.pid}-${name}`);
  mkdirSync(partial, { recursive: true });
  await fill(partial);
  // Another run may have been first; what it made is as good.
  if (existsSync(folder)) rmSync(partial, { recursive: true });
  else renameSync(partial, folder);
  return folder;
}

function removeUnfinished(parent: string): void {
  if (!existsSync(parent)) return;
  for (const entry of readdirSync(parent)) {
    const pid = unfinished.exec(entry)?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && existsSync(`/proc/${pid}`))) continue;
    rmSync(join(parent, entry), { recursive: true, force: true });
  }
}
