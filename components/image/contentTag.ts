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
