import GithubSlugger from "github-slugger";
import MarkdownIt, { type Token } from "markdown-it";

import type { LinkTargets } from "./links.mts";
import { convertLinks, type Reference, type Titles } from "./pageLinks.mts";
import { type Renderers, renderTokens } from "./render.mts";
import { listSections, type Section, toText } from "./sections.mts";

interface Heading {
  /** Its anchor. */
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

/** A Markdown file as a page of the site. */
export interface Page {
  /** Path below the repository's top folder. */
  readonly file: string;
  readonly address: string;
  readonly title: string;
  /** Text of the first paragraph. */
  readonly description: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly sections: readonly Section[];
  readonly references: readonly Reference[];
  /** Files of the pictures that it shows. */
  readonly pictures: readonly string[];
  /** What is wrong with the page, a sentence each. */
  readonly problems: readonly string[];
}

/** HTML is parsed, so that comments can be left out. */
const markdown = new MarkdownIt({ html: true });

/** Parses Markdown as the pages are parsed. */
export function parseMarkdown(text: string): Token[] {
  return markdown.parse(text, {});
}

/** The text of a page's first heading, if it is one of level 1. */
export function readTitle(text: string): string | undefined {
  const tokens = parseMarkdown(text);
  const first = tokens.findIndex(({ type }) => type === "heading_open");
  return tokens[first]?.tag === "h1" ? toText(tokens[first + 1]) : undefined;
}

/** Converts a Markdown file into a page. */
export function convertPage(
  file: string,
  text: string,
  rendering: LinkTargets & Renderers & Titles,
): Page {
  const tokens = parseMarkdown(text);
  const address = rendering.addresses.get(file) ?? "/";
  const headings = nameHeadings(tokens);
  const title = rendering.titles.get(file);
  const missing =
    title === undefined ? [`${file}: it does not begin with its title, a line \`# ...\`.`] : [];
  const sections = listSections(tokens, address);
  const { pictures, problems, references } = convertLinks(file, tokens, rendering);
  const html = removeComments(file, tokens);
  const first = tokens.findIndex(({ type }) => type === "paragraph_open");
  return {
    file,
    address,
    title: title ?? "",
    description: first < 0 ? "" : toText(tokens[first + 1]),
    html: renderTokens(tokens, rendering),
    headings,
    sections,
    references,
    pictures,
    problems: [...missing, ...problems, ...html],
  };
}

/** Gives each heading its anchor, as GitHub names it. */
function nameHeadings(tokens: readonly Token[]): Heading[] {
  const slugger = new GithubSlugger();
  return tokens.flatMap((token, index) => {
    if (token.type !== "heading_open") return [];
    const text = toText(tokens[index + 1]);
    const id = slugger.slug(text);
    token.attrSet("id", id);
    return [{ id, level: Number(token.tag.slice(1)), text }];
  });
}

/**
 * Removes comments.
 *
 * @returns a sentence for each other HTML: in most cases a placeholder such as `<stack>` that should be code
 */
function removeComments(file: string, tokens: readonly Token[]): string[] {
  const problems: string[] = [];
  for (const token of tokens) {
    for (const part of [token, ...(token.children ?? [])]) {
      if (!part.type.startsWith("html_")) continue;
      const html = part.content.replace(/<!--[^]*?-->/g, "").trim();
      if (html !== "") {
        const line = (token.map?.[0] ?? 0) + 1;
        problems.push(
          `${file}, line ${line}: \`${html}\` is HTML, which the site does not show. Write it as Markdown, or as code.`,
        );
      }
      Object.assign(part, { type: "text", content: "" });
    }
  }
  return problems;
}
