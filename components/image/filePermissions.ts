import * as fs from "node:fs";
import * as path from "node:path";

import { type BuildContext, readIgnoreRules } from "./buildContext";
import { listTrackedFiles, readGitStatus } from "./gitCheckout";

/** Permissions as git checks files out where nothing is masked but others' writing. */
const programMode = 0o755;
const fileMode = 0o644;
const folderMode = 0o755;

const permissionBits = 0o777;

/**
 * Gives the tracked files of a build's context, and their folders, the permissions that git knows: 644, or
 * 755 for programs and folders. The rest depends on who made the checkout, a GitLab runner's has 666 and
 * 777; the build's cache, Pulumi's preview and perhaps the image would depend on it too.
 *
 * What git does not track, what the build does not read and the executable bit stay as they are.
 *
 * @returns paths whose permissions are wrong and can't be set, such as those of another user's files
 */
export function normalizeFilePermissions(
  context: BuildContext,
  status = readGitStatus(context),
): string[] {
  const rules = readIgnoreRules(context);
  const files = listTrackedFiles(context.directory).filter(
    ({ path: file }) => !rules.ignores(file),
  );
  if (files.length === 0) return [];
  // Made a program or a plain file since the commit: that is content, and stays.
  const changed = status?.changed;
  const modes = new Map<string, number>();
  for (const file of files) {
    const executable = changed?.get(file.path) ?? file.executable;
    modes.set(file.path, executable ? programMode : fileMode);
    for (const folder of listFolders(file.path)) modes.set(folder, folderMode);
  }
  return [...modes]
    .filter(([file, mode]) => !trySetMode(path.join(context.directory, file), mode))
    .map(([file]) => file);
}

/** The folders between a context and a file in it. */
function listFolders(file: string): string[] {
  const parts = path.posix.dirname(file).split("/");
  return parts[0] === "." ? [] : parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function trySetMode(file: string, mode: number): boolean {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  // Deleted, or something else has its place.
  if (status === undefined || status.isSymbolicLink()) return true;
  if ((status.mode & permissionBits) === mode) return true;
  try {
    fs.chmodSync(file, (status.mode & ~permissionBits) | mode);
    return true;
  } catch {
    return false;
  }
}
