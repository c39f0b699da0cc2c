import { countOf, enumerate, type Sentence, sentence, words } from "../sentence";
import type { PageHashes } from "./builtPages";

/** Number of pages that the report names. */
const namedPages = 20;

/** Says which pages a release changes, adds and removes, by their addresses. */
export function describePageChanges(before: PageHashes, after: PageHashes): Sentence {
  const paths = [...after.keys()].sort();
  const kinds = [
    {
      verb: "changed",
      paths: paths.filter((path) => before.has(path) && before.get(path) !== after.get(path)),
    },
    { verb: "added", paths: paths.filter((path) => !before.has(path)) },
    { verb: "gone", paths: [...before.keys()].sort().filter((path) => !after.has(path)) },
  ].filter((kind) => kind.paths.length > 0);
  const size = `The site has ${countOf(after.size, "page")}.`;
  if (kinds.length === 0) return words(`None changes. ${size}`);
  let left = namedPages;
  const parts = kinds.map((kind) => {
    const shown = kind.paths.slice(0, left);
    left -= shown.length;
    const count = words(`${kind.paths.length.toLocaleString("en")} ${kind.verb}`);
    return sentence`${count}${list(shown, kind.paths.length - shown.length)}`;
  });
  return [...parts.flatMap((part, index) => (index === 0 ? part : ["; ", ...part])), `. ${size}`];
}

function list(shown: readonly string[], more: number): Sentence {
  if (shown.length === 0) return [];
  const names = shown.map((path) => sentence`${path}`);
  return [
    ": ",
    ...enumerate(more > 0 ? [...names, words(`${more.toLocaleString("en")} more`)] : names),
  ];
}
