import type { LinkTargets } from "./links.mts";
import { convertPage, type Page, readTitle } from "./markdown.mts";
import type { Renderers } from "./render.mts";

/**
 * Converts all Markdown files into pages.
 *
 * @param texts of the files, by their paths
 * @throws if a link leads nowhere, or a page can't be shown, with all problems at once
 */
export function convertPages(
  texts: ReadonlyMap<string, string>,
  rendering: LinkTargets & Renderers,
): Page[] {
  const titles = new Map(
    [...texts].flatMap(([file, text]) => {
      const title = readTitle(text);
      return title === undefined ? [] : [[file, title] as const];
    }),
  );
  const pages = [...texts].map(([file, text]) => convertPage(file, text, { ...rendering, titles }));
  const problems = [
    ...findSharedAddresses(pages),
    ...pages.flatMap((page) => page.problems),
    ...pages.flatMap((page) => findMissingHeadings(page, pages)),
  ];
  if (problems.length === 0) return pages;
  throw new Error(
    ["The documentation can't be shown:", ...problems.map((problem) => `  - ${problem}`)].join(
      "\n",
    ),
  );
}

function findSharedAddresses(pages: readonly Page[]): string[] {
  return pages.flatMap(({ address, file }, index) => {
    const first = pages.findIndex((other) => other.address === address);
    return first < index
      ? [`${file}: it has the address of ${pages[first].file}, ${address}. Rename one of them.`]
      : [];
  });
}

function findMissingHeadings({ file, references }: Page, pages: readonly Page[]): string[] {
  return references.flatMap(({ anchor, file: target, line, link }) => {
    const headings = pages.find((page) => page.file === target)?.headings ?? [];
    return anchor === "" || headings.some(({ id }) => id === anchor)
      ? []
      : [
          `${file}, line ${line}: the link \`${link}\` leads nowhere: ${target} has no heading with the anchor \`${anchor}\`.`,
        ];
  });
}
