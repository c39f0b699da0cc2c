/*
 * Hashes of a site's files, by which browsers and reports of a release know what has changed.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";

/** A file's hash. It is read in parts, since Node refuses to read more than two GiB at once. */
export function hashFile(file) {
  const hash = createHash("sha256");
  const part = Buffer.alloc(1024 * 1024);
  const descriptor = fs.openSync(file, "r");
  for (
    let length = fs.readSync(descriptor, part);
    length > 0;
    length = fs.readSync(descriptor, part)
  ) {
    hash.update(part.subarray(0, length));
  }
  fs.closeSync(descriptor);
  return hash.digest("hex").slice(0, 20);
}

/** What every page has of all compiled files of the site: that alone is no change of a page. */
const everywhere =
  /window\.___(webpackCompilationHash|chunkMapping)=("(\\.|[^"\\])*"|\{[^}]*\})|\/webpack-runtime-[0-9a-f]{20}\.js/g;

/** By address: a hash of each page, for reports of what a release changes. */
export function hashPages(files, output) {
  const pages = files.filter((file) => file.endsWith(".html") && !file.startsWith("_gatsby/"));
  const hashes = pages.map((file) => {
    const text = fs.readFileSync(join(output, file), "latin1").replace(everywhere, "");
    const hash = createHash("sha256").update(text, "latin1").digest("hex").slice(0, 20);
    return [`/${file}`.replace(/\/index\.html$/, "/"), hash];
  });
  return Object.fromEntries(hashes);
}
