import { readText, type Repository } from "./repository";

/**
 * Finds what a static server can't do in a site: pages that a server renders or that are deferred, and
 * functions.
 *
 * @returns a sentence for each
 * @see https://www.gatsbyjs.com/docs/how-to/rendering-options/
 */
export function findStaticLimits(repository: Repository, site: string): string[] {
  const prefix = site === "." ? "" : `${site}/`;
  const files = repository.files.filter((file) => file.startsWith(prefix));
  const within = (file: string): string => file.slice(prefix.length);
  const functions = files.filter((file) => /^src\/api\/.+\.[jt]sx?$/.test(within(file)));
  const pages = files.filter((file) => /^src\/(pages|templates)\/.+\.[jt]sx?$/.test(within(file)));
  const hasText = (file: string, pattern: RegExp): boolean =>
    pattern.test(readText(repository, file) ?? "");
  const rendered = pages.filter((file) =>
    hasText(file, /export\s+(?:async\s+)?(?:function|const|let)\s+getServerData\b/),
  );
  const deferred = [
    ...pages,
    ...files.filter((file) => /^gatsby-node\./.test(within(file))),
  ].filter((file) => hasText(file, /\bdefer:\s*(?!false\b)/));
  return [
    ...rendered.map(
      (file) => `\`${file}\` is rendered by a server for each request (\`getServerData\`).`,
    ),
    ...deferred.map((file) => `\`${file}\` defers pages to their first request (\`defer\`).`),
    ...functions.map((file) => `\`${file}\` is a function, which runs on a server.`),
  ];
}
