import type { Token } from "markdown-it";

import { type LinkTargets, resolveLink } from "./links.mts";

/** A link to a page, and perhaps to one of its headings. */
export interface Reference {
  /** The page's file. */
  readonly file: string;
  readonly anchor: string;
  /** The link as it is written. */
  readonly link: string;
  readonly line: number;
}

/** Names of pages. */
export interface Titles {
  /** By the pages' files. */
  readonly titles: ReadonlyMap<string, string>;
}

/** What the links of a page lead to. */
export interface PageLinks {
  readonly references: readonly Reference[];
  /** Files of pictures. */
  readonly pictures: readonly string[];
  /** A sentence for each link that leads nowhere. */
  readonly problems: readonly string[];
}

/**
 * Leads the links and pictures of a page to where they are on the site. A link to a file that can't be seen becomes its
 * text.
 */
export function convertLinks(
  file: string,
  tokens: readonly Token[],
  targets: LinkTargets & Titles,
): PageLinks {
  const found = {
    problems: [] as string[],
    references: [] as Reference[],
    pictures: [] as string[],
  };
  const resolve = (link: string, line: number) => {
    const resolved = resolveLink(file, link, targets);
    if (resolved.kind === "broken") {
      const where = `${file}, line ${line}: the link \`${link}\``;
      found.problems.push(`${where} leads nowhere: ${resolved.reason}.`);
    }
    return resolved;
  };
  for (const { children, map } of tokens) {
    const line = (map?.[0] ?? 0) + 1;
    // Links contain no links.
    let isLink = true;
    for (const [index, token] of (children ?? []).entries()) {
      const link = String(token.attrGet("href") ?? token.attrGet("src"));
      if (token.type === "image") {
        const resolved = resolve(link, line);
        if (resolved.kind !== "file") continue;
        found.pictures.push(resolved.file);
        token.attrSet("src", encodeURI(`/${resolved.file}`));
      } else if (token.type === "link_open") {
        const resolved = resolve(link, line);
        isLink = "href" in resolved && resolved.href !== undefined;
        if (isLink && "href" in resolved) token.attrSet("href", resolved.href ?? "");
        if (resolved.kind === "page") {
          found.references.push({ ...resolved, link, line });
          nameLink(children?.[index + 1], targets.titles.get(resolved.file));
        }
      }
      if (token.type.startsWith("link_") && !isLink) {
        Object.assign(token, { type: "text", content: "" });
      }
    }
  }
  return found;
}

/** A file's name says nothing on the site: the page's title takes its place. */
function nameLink(text: Token | undefined, title: string | undefined): void {
  if (text === undefined || title === undefined) return;
  if (/^[\w./-]+(\.md|\/)$/.test(text.content))
    Object.assign(text, { type: "text", content: title });
}
