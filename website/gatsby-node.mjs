import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";

import { listAddresses } from "./convert/addresses.mts";
import { draw, highlight } from "./codeBlocks.mjs";
import { readNavigation } from "./convert/navigation.mts";
import { createSearchIndex } from "./convert/searchIndex.mts";
import { convertPages } from "./convert/site.mts";

const root = resolve(import.meta.dirname, "..");
const output = join(import.meta.dirname, "public");

const addresses = listAddresses(root);
const texts = new Map(
  [...addresses.keys()].map((file) => [file, readFileSync(join(root, file), "utf8")]),
);

/**
 * An image's build has the pages alone: there, no one can say if the repository has another file. test/website asks
 * that of the whole repository.
 */
function exists(path) {
  const isShown = [".md", ".png", ".svg"].includes(extname(path));
  return !isShown || existsSync(join(root, path));
}

const rendering = {
  addresses,
  draw,
  exists,
  highlight,
  repositoryUrl: process.env.REPOSITORY_URL,
};

const pages = convertPages(texts, rendering);

/** @type {import("gatsby").GatsbyNode["sourceNodes"]} */
export function sourceNodes({ actions, createContentDigest }) {
  const navigation = readNavigation(texts.get("README.md"), pages, rendering);
  actions.createNode({
    id: "navigation",
    ...navigation,
    internal: { type: "Navigation", contentDigest: createContentDigest(navigation) },
  });
}

/** @type {import("gatsby").GatsbyNode["createPages"]} */
export function createPages({ actions }) {
  for (const { address, description, headings, html, title } of pages) {
    actions.createPage({
      path: address,
      component: resolve("src/templates/page.tsx"),
      context: { description, headings, html, title },
    });
  }
  for (const picture of new Set(pages.flatMap(({ pictures }) => pictures))) {
    cpSync(join(root, picture), join(output, picture));
  }
  writeFileSync(
    join(output, "search-index.json"),
    createSearchIndex(pages.flatMap(({ sections }) => sections)),
  );
}
