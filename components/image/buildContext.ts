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

  /** Whether a path below a folder that is ignored may not be. */
  readonly hasExceptions: boolean;
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
  return {
    ignores: (file) => rules.ignores(file),
    hasExceptions: patterns.some((pattern) => pattern.startsWith("!")),
  };
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
        if (!ignored || rules.hasExceptions) visit(file);
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
        files.push(file);
      }
    }
  };
  visit("");
  return files.sort();
}
