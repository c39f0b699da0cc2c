import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** A hash of each page, by its address, such as `/about/` or `/404.html`. */
export type PageHashes = ReadonlyMap<string, string>;

/**
 * What every page has of all compiled files of the site, so that an edit of one page changes each page's file. As in the image's
 * build (`hashPages` in site/nginx.pages.mjs), it is left out: a test compares the two.
 */
const everywhere =
  /window\.___(webpackCompilationHash|chunkMapping)=("(\\.|[^"\\])*"|\{[^}]*\})|\/webpack-runtime-[0-9a-f]{20}\.js/g;

/**
 * Reads the pages that a build left in a folder, and hashes them as the image's build does.
 *
 * @returns undefined if there is no page
 */
export async function readBuiltPages(folder: string): Promise<PageHashes | undefined> {
  const files = await listPages(folder);
  if (files.length === 0) return undefined;
  const pages = new Map<string, string>();
  // One after the other: a site may have more pages than a process may open files.
  for (const file of files) {
    const text = (await readFile(join(folder, file), "latin1")).replace(everywhere, "");
    const hash = createHash("sha256").update(text, "latin1").digest("hex").slice(0, 20);
    pages.set(`/${file.split(sep).join("/")}`.replace(/\/index\.html$/, "/"), hash);
  }
  return pages;
}

async function listPages(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
      .map(({ name, parentPath }) => relative(folder, join(parentPath, name)))
      .filter((file) => !file.startsWith(`_gatsby${sep}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
