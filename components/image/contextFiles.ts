import * as fs from "node:fs";
import * as path from "node:path";

import { type BuildContext, listIgnoreFiles } from "./buildContext";
import { type ContextListing, listContext } from "./contextListing";

/** First line of a pointer. @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer */
const pointerStart = "version https://git-lfs.github.com/spec/v1\n";

/** A pointer is smaller than this; larger files are not read. */
const longestPointerBytes = 1024;

/** How many files a message names. */
const namedFiles = 5;

/**
 * Finds the files of a context that a build can't use: pointers of Git LFS in place of what they stand for, and
 * links that lead out of the context, which BuildKit copies as links.
 *
 * @returns a sentence for all pointers, and one for each link
 */
export function findFileProblems(
  context: BuildContext,
  { files }: ContextListing = listContext(context),
): string[] {
  const pointers: string[] = [];
  const links: string[] = [];
  for (const file of files) {
    const location = path.join(context.directory, file);
    const status = fs.lstatSync(location);
    if (status.isSymbolicLink()) {
      const problem = describeLink(context, file, fs.readlinkSync(location));
      if (problem !== undefined) links.push(problem);
    } else if (status.size < longestPointerBytes && isPointer(location, status.size)) {
      pointers.push(path.posix.join(context.directory, file));
    }
  }
  return [...(pointers.length > 0 ? [describePointers(pointers)] : []), ...links];
}

/** A file that is shorter than a pointer's first line need not be read. */
function isPointer(file: string, size: number): boolean {
  return size > pointerStart.length && fs.readFileSync(file, "latin1").startsWith(pointerStart);
}

function describePointers(pointers: readonly string[]): string {
  const named = pointers.slice(0, namedFiles).map((file) => `\`${file}\``);
  const others = pointers.length - named.length;
  const list = others > 0 ? `${named.join(", ")} and ${others} more` : join(named);
  const are = pointers.length === 1 ? "is a pointer" : "are pointers";
  return `${list} ${are} of Git LFS, without the content. Fetch it: \`git lfs pull\`. In a pipeline, install \`git-lfs\` in the job's image, and do not set \`GIT_LFS_SKIP_SMUDGE\`.`;
}

function join(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join("");
}

/** The builder sees nothing but the context, and at another path than this machine. */
function describeLink(context: BuildContext, file: string, target: string): string | undefined {
  const leaves = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
  if (!path.isAbsolute(target) && leaves !== ".." && !leaves.startsWith("../")) return undefined;
  const [own, shared] = listIgnoreFiles(context);
  const ignoreFile = fs.existsSync(own) ? own : shared;
  const where = path.isAbsolute(target)
    ? "an absolute path, which is another one in the build"
    : "outside of the site's folder, where the build can't read it";
  return `\`${path.posix.join(context.directory, file)}\` is a link to \`${target}\`, ${where}. Copy the files there, or use a folder above both as \`siteDirectory\` and a relative link. If the site does not need it, add the line \`${file}\` to \`${ignoreFile}\`.`;
}
