import MarkdownIt from "markdown-it";

/** GitLab's look of a note, as far as a report uses it. */
const style = `
  body { margin: 0; padding: 16px; background: white; color: #333238;
    font: 14px/1.6 "Noto Sans", "DejaVu Sans", Arial, sans-serif; }
  figure { margin: 0; }
  .note { border: 1px solid #dcdcde; border-radius: 8px; padding: 4px 16px 8px; }
  figcaption { margin-top: 8px; color: #626168; font-size: 12px; }
  h3, h4 { margin: 12px 0 8px; line-height: 1.3; }
  h3 { font-size: 18px; } h4 { font-size: 16px; }
  code { background: #ececef; border-radius: 4px; padding: 1px 4px;
    font: 90% "DejaVu Sans Mono", Menlo, monospace; overflow-wrap: anywhere; }
  ul { margin: 8px 0; padding-left: 24px; } p { margin: 8px 0; }
  a { color: #0b5cad; }`;

/** Names of emoji that a report uses. */
const emoji = { ":warning:": "\u26a0" } as const;

/** A page with a merge request's note, of which GitLab gives the Markdown. */
export function renderNotePage(markdown: string, caption: string): string {
  const text = Object.entries(emoji).reduce(
    (rest, [name, sign]) => rest.replaceAll(name, sign),
    markdown,
  );
  const renderer = new MarkdownIt({ html: true });
  const note = renderer.render(text);
  const title = renderer.renderInline(caption);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Note</title><style>${style}</style></head>
<body><figure><div class="note">${note}</div><figcaption>${title}</figcaption></figure></body></html>
`;
}
