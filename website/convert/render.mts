import MarkdownIt, { type Token } from "markdown-it";

import { toText } from "./sections.mts";

/** How the blocks of code on a page are rendered. */
export interface Renderers {
  /** Renders code as HTML. */
  readonly highlight: (code: string, language: string) => string;

  /** Renders a diagram of Mermaid's as HTML. */
  readonly draw: (diagram: string) => string;
}

/** Renders a page's tokens as HTML. What may be wider than a phone scrolls, also by keyboard. */
export function renderTokens(tokens: Token[], { draw, highlight }: Renderers): string {
  const { options, renderer, utils } = new MarkdownIt();
  const name = (text: string): string => `aria-label="${utils.escapeHtml(text)}"`;
  Object.assign<typeof renderer.rules, typeof renderer.rules>(renderer.rules, {
    fence: (all, index) => {
      const { content, info } = all[index];
      if (info === "mermaid")
        return `<figure class="diagram" ${name("Diagram")} tabindex="0">${draw(content)}</figure>\n`;
      return `<pre tabindex="0"><code>${highlight(content, info)}</code></pre>\n`;
    },
    heading_close: (all, index) => {
      const id = all[index - 2].attrGet("id") ?? "";
      const label = name(`Link to “${toText(all[index - 1])}”`);
      return ` <a class="anchor" href="#${id}" ${label}></a></${all[index].tag}>\n`;
    },
    table_open: () => `<div class="table" role="region" ${name("Table")} tabindex="0"><table>\n`,
    table_close: () => "</table></div>\n",
  });
  return renderer.render(tokens, options, {});
}
