import { execFileSync } from "node:child_process";
import * as path from "node:path";

import { type BuildContext, listIgnoreFiles } from "./buildContext";

/** The git status of a build context. */
export interface GitStatus {
  /** Full id of the commit that is checked out; undefined before the first. */
  readonly commit: string | undefined;

  /** Branch that is checked out; undefined with a detached head. */
  readonly branch: string | undefined;

  /**
   * Files that differ from the commit, new ones included, in the context and of those beside it that decide
   * what is built: by path, relative to the context's folder. The value is whether the file is a program
   * now, where git looks at that.
   */
  readonly changed: ReadonlyMap<string, boolean>;
}

/** A file that git tracks. */
export interface TrackedFile {
  /** Path, relative to the folder that was asked for. */
  readonly path: string;

  /** Whether git has it as a program. */
  readonly executable: boolean;
}

/** Top folder of the working tree that a folder is in; undefined outside of one. */
export function findRepositoryRoot(directory: string): string | undefined {
  return tryGit(directory, ["rev-parse", "--show-toplevel"])?.trimEnd() || undefined;
}

/**
 * Reads the git status of the files that a build reads.
 *
 * @returns undefined without git, and outside of a working tree
 */
export function readGitStatus(context: BuildContext): GitStatus | undefined {
  const { directory } = context;
  const others = [context.dockerfile, ...listIgnoreFiles(context)];
  const prefix = tryGit(directory, ["rev-parse", "--show-prefix"]);
  const status = tryGit(directory, [
    // It must not take the index's lock from a person who uses git now.
    "--no-optional-locks",
    ...["status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=all"],
    ...["--", ".", ...others.map((other) => path.relative(directory, other))],
  ]);
  if (prefix === undefined || status === undefined) return undefined;
  const lines = status.split("\0");
  const header = (name: string, none: string): string | undefined => {
    const start = `# branch.${name} `;
    const value = lines.find((line) => line.startsWith(start))?.slice(start.length);
    return value === none ? undefined : value;
  };
  const root = prefix.trimEnd();
  const changed = lines
    .flatMap(parseChange)
    .map(([file, executable]): [string, boolean] => [path.posix.relative(root, file), executable]);
  return {
    commit: header("oid", "(initial)"),
    branch: header("head", "(detached)"),
    changed: new Map(changed),
  };
}

/** Tags of the commit that is checked out, the newest version first and a release before its candidates. */
export function listTagsOfHead(directory: string): string[] {
  const order = [
    "-c",
    "versionsort.suffix=-",
    "tag",
    "--points-at=HEAD",
    "--sort=-version:refname",
  ];
  return tryGit(directory, order)?.split("\n").filter(Boolean) ?? [];
}

/** Lists the files in a folder that git tracks, without links and submodules; empty without git. */
export function listTrackedFiles(directory: string): TrackedFile[] {
  const listed = tryGit(directory, ["ls-files", "--stage", "-z", "--", "."]) ?? "";
  return listed.split("\0").flatMap((line) => {
    // <mode> <object> <stage>\t<path>
    const [, mode, file] = /^(100644|100755) \S+ \d\t(.*)$/s.exec(line) ?? [];
    return mode === undefined ? [] : [{ path: file, executable: mode === "100755" }];
  });
}

/** Paths below a folder that git tracks, relative to it, those of submodules included. */
export function listTrackedPaths(directory: string): ReadonlySet<string> {
  const listed = tryGit(directory, ["ls-files", "-z", "--recurse-submodules", "--", "."]) ?? "";
  return new Set(listed.split("\0").filter(Boolean));
}

/**
 * Path and executable bit out of a line of `git status --porcelain=v2`: of changed, unmerged and new files,
 * of which the last have no mode there.
 */
function parseChange(line: string): [string, boolean][] {
  const change =
    /^1 \S+ \S+ \d+ \d+ (?<mode>\d+) \S+ \S+ (?<file>.*)$/s.exec(line) ??
    /^u \S+ \S+ \d+ \d+ \d+ (?<mode>\d+) \S+ \S+ \S+ (?<file>.*)$/s.exec(line) ??
    /^\? (?<file>.*)$/s.exec(line);
  const { file, mode } = change?.groups ?? {};
  return file === undefined ? [] : [[file, mode === "100755"]];
}

/** Returns what git prints; undefined without git, outside of a working tree, or if git fails. */
export function tryGit(directory: string, args: readonly string[]): string | undefined {
  try {
    // A runner's checkout may belong to another user. Git refuses to read it, because its settings could start a
    // program; but this program comes from the same checkout.
    return execFileSync("git", ["-c", "safe.directory=*", ...args], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch {
    // No git, or no working tree of it.
    return undefined;
  }
}
