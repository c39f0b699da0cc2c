import dockerignore from "@balena/dockerignore";
import { createHash, type Hash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** What decides what an image contains. */
export interface ImageSources {
  /** Folder that is the build's context. */
  readonly directory: string;

  /** Path of the Dockerfile. */
  readonly dockerfile: string;

  /** Build arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

/**
 * A tag that stands for an image's sources: the same files give the same tag on every machine, other files
 * another one. So a build never moves the tag of an image that still runs.
 *
 * What `.dockerignore` names does not count, nor do owners, times and permissions other than git's own
 * executable bit.
 */
export function computeContentTag(sources: ImageSources): string {
  const hash = createHash("sha256");
  add(hash, "arguments", JSON.stringify(Object.entries(sources.buildArgs).sort(byName)));
  add(hash, "dockerfile", fs.readFileSync(sources.dockerfile));
  for (const file of listContext(sources)) {
    const location = path.join(sources.directory, file);
    const status = fs.lstatSync(location);
    if (status.isSymbolicLink()) {
      add(hash, `link ${file}`, fs.readlinkSync(location));
    } else {
      add(hash, `${status.mode & 0o100 ? "program" : "file"} ${file}`, fs.readFileSync(location));
    }
  }
  return `content-${hash.digest("hex").slice(0, 16)}`;
}

/** Each part goes in with its length, so that no two lists of parts run together into the same text. */
function add(hash: Hash, name: string, content: string | Buffer): void {
  hash.update(`${name}\n${Buffer.byteLength(content)}\n`).update(content);
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}

/** Paths of the context's files and links, relative, with `/`, sorted. */
function listContext({ directory, dockerfile }: ImageSources): string[] {
  const patterns = readIgnorePatterns(directory, dockerfile);
  const ignore = dockerignore().add(patterns);
  // Below an ignored folder only an exception can bring something back.
  const prunes = !patterns.some((pattern) => pattern.startsWith("!"));
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of fs.readdirSync(path.join(directory, folder), { withFileTypes: true })) {
      const file = path.posix.join(folder, entry.name);
      const ignored = ignore.ignores(file);
      if (entry.isDirectory()) {
        if (!ignored || !prunes) visit(file);
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
        files.push(file);
      }
    }
  };
  visit("");
  return files.sort();
}

function readIgnorePatterns(directory: string, dockerfile: string): string[] {
  // As in Docker, a Dockerfile's own ignore file wins over the context's.
  const candidates = [`${dockerfile}.dockerignore`, path.join(directory, ".dockerignore")];
  const found = candidates.find((file) => fs.existsSync(file));
  return found === undefined ? [] : fs.readFileSync(found, "utf8").split(/\r?\n/);
}
