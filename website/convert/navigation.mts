import type { Token } from "markdown-it";

import { type Page, parseMarkdown } from "./markdown.mts";
import { type LinkTargets, resolveLink } from "./links.mts";
import { toText } from "./sections.mts";

export interface PageLink {
  readonly address: string;
  readonly title: string;
}

/** The site's navigation. */
export interface Navigation {
  /** Rows of the README's table: a question, and the pages that answer it. */
  readonly questions: readonly { readonly question: string; readonly pages: readonly PageLink[] }[];

  /** The pages that answer none of them. */
  readonly others: readonly PageLink[];
}

const home = "README.md";

/**
 * Reads the navigation out of the README's table with the column "question".
 *
 * @param readme text of the README
 */
export function readNavigation(
  readme: string,
  pages: readonly Page[],
  targets: LinkTargets,
): Navigation {
  const questions = listRows(parseMarkdown(readme)).map(([question, links]) => {
    const files = (links?.children ?? []).flatMap((token) => {
      if (token.type !== "link_open") return [];
      const link = resolveLink(home, String(token.attrGet("href")), targets);
      return link.kind === "page" ? [link.file] : [];
    });
    return { question: toText(question), pages: files.flatMap((file) => find(pages, file)) };
  });
  if (questions.length === 0) {
    throw new Error(
      `${home} has no table with the column "question" any more, which is the site's navigation. Name the column so, or change website/convert/navigation.mts.`,
    );
  }
  const answering = new Set(questions.flatMap((one) => one.pages.map(({ address }) => address)));
  const others = pages
    .filter(({ address, file }) => file !== home && !answering.has(address))
    .map(({ address, title }) => ({ address, title }));
  return { questions, others };
}

function find(pages: readonly Page[], file: string): PageLink[] {
  return pages
    .filter((page) => page.file === file)
    .map(({ address, title }) => ({ address, title }));
}

/** Cells of the rows below the heading of the table. */
function listRows(tokens: readonly Token[]): Token[][] {
  const rows: Token[][] = [];
  let isTable = false;
  for (const token of tokens) {
    if (token.type === "table_close") isTable = false;
    if (token.type === "tr_open" && isTable) rows.push([]);
    if (token.type !== "inline") continue;
    if (isTable) rows.at(-1)?.push(token);
    else if (token.content === "question") isTable = true;
  }
  // The rest of the heading's row.
  return rows.filter((row) => row.length > 1);
}
