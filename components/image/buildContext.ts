import * as fs from "node:fs";
import * as path from "node:path";

import dockerignore from "@balena/dockerignore";

/** The files that a build may read. */
export interface BuildContext {
  /** Folder that is the build's context. */
  readonly directory: string;

  /** Path of the Dockerfile. */
  readonly dockerfile: string;
}

/** Which files a `.dockerignore` keeps from a build. */
export interface IgnoreRules {
  /** Whether a path, relative to the context, with `/`, is kept from the build. */
  readonly ignores: (file: string) => boolean;

  /** Whether an exception (`!...`) may let in something below a folder that is ignored. */
  readonly mayLetInBelow: (folder: string) => boolean;
}

/**
 * Where the ignore file of a build may be, the one that holds first: as in Docker, a Dockerfile's own wins
 * over the context's.
 *
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export function listIgnoreFiles({ directory, dockerfile }: BuildContext): string[] {
  return [`${dockerfile}.dockerignore`, path.join(directory, ".dockerignore")];
}

/** Reads the rules of a build; without an ignore file nothing is ignored. */
export function readIgnoreRules(context: BuildContext): IgnoreRules {
  const found = listIgnoreFiles(context).find((file) => fs.existsSync(file));
  const patterns = found === undefined ? [] : fs.readFileSync(found, "utf8").split(/\r?\n/);
  const rules = dockerignore().add(patterns);
  const exceptions = patterns.flatMap(parseException);
  return {
    ignores: (file) => rules.ignores(file),
    mayLetInBelow: (folder) => exceptions.some((exception) => isBelow(exception, folder)),
  };
}

/** An exception's path up to its first name with a wildcard. */
interface Exception {
  readonly start: string;
  readonly hasWildcard: boolean;
}

function parseException(pattern: string): Exception[] {
  const [, text] = /^\s*!\s*(?:\.?\/)*(.*?)\/*\s*$/.exec(pattern) ?? [];
  if (text === undefined) return [];
  const names = text.split("/");
  const wildcard = names.findIndex((name) => /[*?[\\]/.test(name));
  const literal = wildcard < 0 ? names : names.slice(0, wildcard);
  return [{ start: literal.map((name) => `${name}/`).join(""), hasWildcard: wildcard >= 0 }];
}

/**
 * Whether an exception may match below a folder that is ignored. One that names the folder itself, or one above it,
 * does not count: a later line ignores the folder all the same.
 */
function isBelow({ hasWildcard, start }: Exception, folder: string): boolean {
  const below = `${folder}/`;
  return (start.startsWith(below) && start !== below) || (hasWildcard && below.startsWith(start));
}

/** Paths of the context's files and links, relative, with `/`, sorted; without what is ignored. */
export function listContextFiles(context: BuildContext): string[] {
  const rules = readIgnoreRules(context);
  const files: string[] = [];
  const visit = (folder: string): void => {
    const entries = fs.readdirSync(path.join(context.directory, folder), { withFileTypes: true });
    for (const entry of entries) {
      const file = path.posix.join(folder, entry.name);
      const ignored = rules.ignores(file);
      if (entry.isDirectory()) {
        if (!ignored || rules.mayLetInBelow(file)) visit(file);
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
        files.push(file);
      }
    }
  };
  visit("");
  return files.sort();
}
