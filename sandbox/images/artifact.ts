import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const unfinished = /^partial-(\d+)-/;

/**
 * Creates a folder that is either complete or missing: it is filled under another name and then renamed. Removes what
 * an earlier run left unfinished.
 *
 * @param name name of the folder, which must contain everything that decides its contents
 * @param fill fills the folder; not called if it exists
 * @returns path of the folder
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
  // Another run may have been first; its result is the same.
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
