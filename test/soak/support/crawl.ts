/** What a site answers for an address. */
export interface CrawledPage {
  readonly status: number;
  /** Content policy. */
  readonly policy: string;
  /** What it links to, or loads, as it is written in the HTML. */
  readonly links: readonly string[];
  /** Anchors. */
  readonly ids: ReadonlySet<string>;
}

/**
 * Fetches the pages of a site, and all that they link to on that site, without following redirects.
 *
 * @param site origin
 * @param start addresses to begin with
 */
export async function crawl(
  site: string,
  start: readonly string[],
): Promise<ReadonlyMap<string, CrawledPage>> {
  const pages = new Map<string, CrawledPage>();
  const waiting = [...start];
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    if (pages.has(address)) continue;
    const page = await read(`${site}${address}`);
    pages.set(address, page);
    for (const link of page.links) {
      const { origin, pathname } = new URL(link, `${site}${address}`);
      if (origin === site) waiting.push(pathname);
    }
  }
  return pages;
}

async function read(url: string): Promise<CrawledPage> {
  const answer = await fetch(url, { redirect: "manual" });
  const isPage = answer.headers.get("content-type")?.startsWith("text/html") ?? false;
  const html = isPage ? await answer.text() : "";
  if (!isPage) await answer.arrayBuffer();
  const list = (pattern: RegExp): string[] =>
    [...html.matchAll(pattern)].map(([, value]) => value.replaceAll("&amp;", "&"));
  return {
    status: answer.status,
    policy: answer.headers.get("content-security-policy") ?? "",
    links: list(/\s(?:href|src)="([^"]+)"/g),
    ids: new Set(list(/\sid="([^"]+)"/g)),
  };
}
