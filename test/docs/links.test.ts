import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

import { readPages, removeBlocks } from "./support";

const pages = readPages();

/** The anchors of a page's headings, as GitLab makes them; GitHub keeps several hyphens in a row. */
function listAnchors(text: string): Set<string> {
  const headings = [...removeBlocks(text).matchAll(/^#+ +(.+)$/gm)].map(([, heading]) => heading);
  const slugs = headings.map((heading) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-"),
  );
  return new Set(slugs.flatMap((slug) => [slug, slug.replace(/-+/g, "-")]));
}

function findBrokenLinks({ path, text }: { path: string; text: string }): string[] {
  const links = [...removeBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file, anchor] = link.split("#");
    const target = file === "" ? path : normalize(join(dirname(path), file));
    if (!existsSync(target)) return true;
    return anchor !== undefined && !listAnchors(readFileSync(target, "utf8")).has(anchor);
  });
}

describe("the documentation's links", () => {
  it.each(pages.map((page) => [page.path, page] as const))("lead somewhere: %s", (_, page) => {
    expect(findBrokenLinks(page)).toEqual([]);
  });

  it("lead from the README, or from a page that it leads to, to every page of docs/", () => {
    const reached = new Set(["README.md"]);
    for (const path of reached) {
      const page = pages.find((one) => one.path === path);
      for (const [, link] of page?.text.matchAll(/\]\(([^)\s#:]+\.md)(?:#[^)]*)?\)/g) ?? []) {
        reached.add(normalize(join(dirname(path), link)));
      }
    }
    const docs = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
    expect(docs.filter((path) => !reached.has(path))).toEqual([]);
  });

  it("are found to be broken", () => {
    const text = "[a](missing.md) [b](#no-such) [c](docs/sandbox.md#no) [d](#a-b)\n\n## A `b`\n";
    expect(findBrokenLinks({ path: "CONTRIBUTING.md", text })).toEqual([
      "missing.md",
      "#no-such",
      "docs/sandbox.md#no",
      "#a-b",
    ]);
  });
});
