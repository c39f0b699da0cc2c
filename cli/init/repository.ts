import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { tryGit } from "../../components/image/gitCheckout";
import { UserError } from "../errors";

/** The repository that `slipway init` looks at. Paths are relative to its top folder, with `/`. */
export interface Repository {
  /** Absolute path of the top folder. */
  readonly root: string;
  /** Files that git tracks or would track: what git ignores is not the site's. */
  readonly files: readonly string[];
}

/**
 * Opens the repository that a folder is in.
 *
 * @throws UserError outside of a git repository
 */
export function openRepository(folder: string): Repository {
  const root = tryGit(folder, ["rev-parse", "--show-toplevel"])?.trimEnd();
  if (!root) {
    throw new UserError(
      `\`${folder}\` is not in a git repository. Run this in a clone of the site's repository.`,
    );
  }
  const listed = tryGit(root, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  // A file that was deleted is listed until it is committed.
  const files = (listed ?? "").split("\0").filter((file) => file && existsSync(join(root, file)));
  return { root, files: [...new Set(files)].sort() };
}

/** The text of a file, without a byte order mark; undefined if the repository has no such file. */
export function readText({ files, root }: Repository, file: string): string | undefined {
  if (!files.includes(file)) return undefined;
  return readFileSync(join(root, file), "utf8").replace(/^\uFEFF/, "");
}

/** The part of a package.json that `slipway init` reads. */
export interface PackageJson {
  readonly name?: string;
  readonly packageManager?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly devEngines?: { readonly runtime?: Runtime | readonly Runtime[] };
  readonly volta?: { readonly node?: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
  readonly pnpm?: Readonly<Record<string, unknown>>;
}

interface Runtime {
  readonly name?: string;
  readonly version?: string;
}

/**
 * Reads the package.json of a folder.
 *
 * @throws UserError if it is not JSON
 */
export function readPackageJson(repository: Repository, folder: string): PackageJson | undefined {
  const file = posix.join(folder, "package.json");
  const text = readText(repository, file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as PackageJson;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`\`${file}\` is not JSON: ${reason}. Fix it and run this again.`);
  }
}

/** A folder and the folders above it, up to the repository's top, `.`. */
export function listAncestors(folder: string): string[] {
  return folder === "." ? ["."] : [folder, ...listAncestors(posix.dirname(folder))];
}

/** Whether git tracks a file. */
export function isTracked({ root }: Repository, file: string): boolean {
  return Boolean(tryGit(root, ["ls-files", "--", `:(literal)${file}`]));
}
