import { createHash, type Hash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { type BuildContext, listContextFiles } from "./buildContext";

/** Everything that the content of an image depends on. */
export interface ImageSources extends BuildContext {
  /** Build arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;

  /** Stage of the Dockerfile that is the image; the last one if undefined. */
  readonly target?: string;

  /** Platforms that it is built for; the builder's own if there is none. */
  readonly platforms?: readonly string[];
}

/**
 * Computes the tag of an image from its sources: the same files give the same tag on every machine, other files
 * another one. So a build never moves the tag of an image that still runs.
 *
 * Ignores what `.dockerignore` names, and owners, times and all permissions but the executable bit of git.
 *
 * @param files of the context, sorted
 */
export function computeContentTag(
  sources: ImageSources,
  files: readonly string[] = listContextFiles(sources),
): string {
  const hash = createHash("sha256");
  add(hash, "arguments", JSON.stringify(Object.entries(sources.buildArgs).sort(byName)));
  const { platforms = [], target = "" } = sources;
  add(hash, "options", JSON.stringify({ target, platforms }));
  add(hash, "dockerfile", fs.readFileSync(sources.dockerfile));
  for (const file of files) {
    const location = path.join(sources.directory, file);
    const status = fs.lstatSync(location);
    if (status.isSymbolicLink()) {
      add(hash, `link ${file}`, fs.readlinkSync(location));
    } else {
      addFile(hash, `${status.mode & 0o100 ? "program" : "file"} ${file}`, location, status.size);
    }
  }
  return `content-${hash.digest("hex").slice(0, 16)}`;
}

/** Part of a file that is in memory at a time, in bytes. A site may have videos that are larger than a buffer can be. */
const chunkBytes = 1024 * 1024;

/** Adds a file as {@link add} does, without reading it whole. */
function addFile(hash: Hash, name: string, location: string, size: number): void {
  hash.update(`${name}\n${size}\n`);
  const buffer = Buffer.allocUnsafe(Math.min(size, chunkBytes));
  const file = fs.openSync(location, "r");
  try {
    for (let left = size; left > 0;) {
      const length = fs.readSync(file, buffer, 0, Math.min(left, buffer.length), null);
      // It became shorter meanwhile.
      if (length === 0) break;
      hash.update(buffer.subarray(0, length));
      left -= length;
    }
  } finally {
    fs.closeSync(file);
  }
}

/** Each part goes in with its length, so that no two lists of parts run together into the same text. */
function add(hash: Hash, name: string, content: string | Buffer): void {
  hash.update(`${name}\n${Buffer.byteLength(content)}\n`).update(content);
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}
