import { globSync } from "node:fs";
import { posix } from "node:path";

/** Markdown files of the repository that are pages of the site. */
const patterns = [
  "{README,CHANGELOG,CONTRIBUTING}.md",
  "docs/*.md",
  "bench/*.md",
  "examples/README.md",
  "examples/*/README.md",
  "sandbox/plugins/README.md",
];

/**
 * Lists the files that are pages, with their addresses on the site.
 *
 * @param root the repository's top folder
 */
export function listAddresses(root: string): ReadonlyMap<string, string> {
  const files = globSync(patterns, { cwd: root }).sort();
  return new Map(files.map((file) => [file, toAddress(file)]));
}

/** Computes a page's address: `docs/building.md` is `/docs/building/`, and a README has the address of its folder. */
export function toAddress(file: string): string {
  const { dir, name } = posix.parse(file.toLowerCase());
  return posix.join("/", dir, name === "readme" ? "" : name, "/");
}
