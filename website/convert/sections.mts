import type { Token } from "markdown-it";

/** What is below a heading of a page: what the search finds. */
export interface Section {
  /** Address, with the heading's anchor. */
  readonly id: string;
  /** Title of the page. */
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/**
 * Splits a page at its headings, which have their anchors already. What is above the first one belongs to no section.
 *
 * @param address of the page
 */
export function listSections(tokens: readonly Token[], address: string): Section[] {
  const sections: { id: string; page: string; heading: string; text: string }[] = [];
  let page = "";
  for (const [index, token] of tokens.entries()) {
    const section = sections.at(-1);
    if (token.type === "heading_open") {
      const heading = toText(tokens[index + 1]);
      if (token.tag === "h1") page = heading;
      const anchor = token.tag === "h1" ? "" : `#${token.attrGet("id")}`;
      sections.push({ id: `${address}${anchor}`, page, heading, text: "" });
    } else if (section !== undefined && tokens[index - 1]?.type !== "heading_open") {
      // A diagram's source is nothing to read.
      const isCode = token.type === "fence" && token.info !== "mermaid";
      const text = isCode ? token.content : token.type === "inline" ? toText(token) : "";
      section.text = `${section.text} ${text.replace(/\s+/g, " ").trim()}`.trim();
    }
  }
  return sections;
}

/** The text of a heading, a paragraph or a cell, without its markup. */
export function toText({ children }: Token): string {
  const texts = (children ?? []).map(({ content, type }) =>
    /break$/.test(type) ? " " : /^(text|text_special|code_inline|image)$/.test(type) ? content : "",
  );
  return texts.join("").trim();
}
