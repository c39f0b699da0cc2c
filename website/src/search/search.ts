import type MiniSearch from "minisearch";
import type { SearchResult } from "minisearch";

import options from "./options.json";

/** A section of a page that has what was searched for. */
export interface Hit {
  /** Address of the heading. */
  readonly id: string;
  readonly page: string;
  readonly heading: string;
  /** A piece of the text: what is before the first match, the match, and what is after it. */
  readonly excerpt: readonly [before: string, match: string, after: string];
}

/** Characters of an excerpt before a match, and in all. */
const charactersBefore = 60;
const excerptLength = 180;

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
  return { id, page, heading, excerpt: cut(text, terms) };
}

function cut(text: string, terms: readonly string[]): Hit["excerpt"] {
  const lower = text.toLowerCase();
  const [at, term] = terms
    .map((one) => [lower.indexOf(one), one] as const)
    .filter(([place]) => place >= 0)
    .reduce((first, one) => (one[0] < first[0] ? one : first), [Infinity, ""]);
  if (term === "") return [shorten(text.slice(0, excerptLength), text.length), "", ""];
  const start = at > charactersBefore ? text.indexOf(" ", at - charactersBefore) + 1 : 0;
  const from = start > at ? at : start;
  const end = at + term.length;
  const after = text.slice(end, from + excerptLength);
  return [
    `${from > 0 ? "… " : ""}${text.slice(from, at)}`,
    text.slice(at, end),
    shorten(after, text.length - end),
  ];
}

function shorten(text: string, available: number): string {
  return text.length < available ? `${text.replace(/\s+\S*$/, "")} …` : text;
}
