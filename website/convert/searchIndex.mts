import MiniSearch from "minisearch";

import options from "../src/search/options.json" with { type: "json" };
import type { Section } from "./sections.mts";

/** Creates the index that browsers search in, as JSON. It has the sections' texts, for excerpts. */
export function createSearchIndex(sections: readonly Section[]): string {
  const index = new MiniSearch<Section>(options);
  index.addAll(sections);
  return JSON.stringify(index);
}
