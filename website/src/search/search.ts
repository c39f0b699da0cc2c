import type MiniSearch from "minisearch";
import type { SearchResult } from "minisearch";

import { cutExcerpt, type Excerpt } from "./excerpt";
import options from "./options.json";

/** A section of a page that has what was searched for. */
export interface Hit {
  /** Address of the heading. */
  readonly id: string;
  readonly page: string;
  readonly heading: string;
  readonly excerpt: Excerpt;
}

let index: Promise<MiniSearch> | undefined;

/** Loads the index, once. After a failure the next call tries again. */
export function loadIndex(): Promise<MiniSearch> {
  index ??= readIndex().catch((error: unknown) => {
    index = undefined;
    throw error;
  });
  return index;
}

async function readIndex(): Promise<MiniSearch> {
  const [{ default: Index }, answer] = await Promise.all([
    import("minisearch"),
    fetch("/search-index.json"),
  ]);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return Index.loadJSON(await answer.text(), options);
}

/** Finds the sections that have all words, or else some of them, the best first. */
export async function search(query: string, limit: number): Promise<Hit[]> {
  const loaded = await loadIndex();
  const find = (combineWith: "AND" | "OR"): SearchResult[] =>
    loaded.search(query, {
      combineWith,
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      boost: { heading: 4, page: 2 },
      // It names everything, as it was.
      boostDocument: (id) => (String(id).startsWith("/changelog/") ? 0.3 : 1),
    });
  const all = find("AND");
  return (all.length > 0 ? all : find("OR")).slice(0, limit).map(toHit);
}

function toHit({ heading, id, page, terms, text }: SearchResult): Hit {
  return { id, page, heading, excerpt: cutExcerpt(text as string, terms) };
}
