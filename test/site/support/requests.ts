import type { ServedSite } from "../../support/nginx";
import { buildOutput, pagesWithoutSlash, usualPages } from "./gatsbyOutput";

/*
 * The table of requests: a real nginx is asked for each, and docs/serving.md has them. An answer is a status, and the
 * address that a redirect leads to or else the path of the page that is shown.
 */

/** Sites with the same pages, one for each of Gatsby's ways to end an address. */
export const shapes = {
  always: { files: buildOutput(usualPages) },
  never: { files: buildOutput(pagesWithoutSlash) },
  ignore: {
    files: buildOutput(usualPages),
    sources: { "gatsby-config.mjs": 'export default { trailingSlash: "ignore" };\n' },
  },
} as const satisfies Readonly<Record<string, ServedSite>>;

/** Addresses, and the answer of each shape in their order. */
export const requests: readonly (readonly [
  address: string,
  always: string,
  never: string,
  ignore: string,
])[] = [
  ["/", "200 /", "200 /", "200 /"],
  ["/about", "301 /about/", "200 /about", "200 /about/"],
  ["/about/", "200 /about/", "301 /about", "200 /about/"],
  ["/about?a=1", "301 /about/?a=1", "200 /about", "200 /about/"],
  ["/about/?a=1", "200 /about/", "301 /about?a=1", "200 /about/"],
  [
    "/tags/machine%20learning/",
    "200 /tags/machine learning/",
    "301 /tags/machine%20learning",
    "200 /tags/machine learning/",
  ],
  [
    "/tags/%C3%BCber%20uns/",
    "200 /tags/über uns/",
    "301 /tags/%C3%BCber%20uns",
    "200 /tags/über uns/",
  ],
  [
    "/tags/the%20%22other%22%20list",
    "301 /tags/the%20%22other%22%20list/",
    '200 /tags/the "other" list',
    '200 /tags/the "other" list/',
  ],
  ["/app", "200 /app/[...]/", "200 /app/[...]", "200 /app/[...]/"],
  ["/app/", "200 /app/[...]/", "200 /app/[...]", "200 /app/[...]/"],
  ["/app/settings", "200 /app/[...]/", "200 /app/[...]", "200 /app/[...]/"],
  ["/app/orders/42/", "200 /app/[...]/", "200 /app/[...]", "200 /app/[...]/"],
  ["/orders/42", "200 /orders/[id]/", "200 /orders/[id]", "200 /orders/[id]/"],
  ["/orders/new/", "200 /orders/new/", "301 /orders/new", "200 /orders/new/"],
  ["/orders/42/more", "404 /404.html", "404 /404.html", "404 /404.html"],
  ["/no-such-page", "404 /404.html", "404 /404.html", "404 /404.html"],
  ["/no-such-page/", "404 /404.html", "404 /404.html", "404 /404.html"],
  ["/page-data/", "404 /404.html", "404 /404.html", "404 /404.html"],
  ["/.htpasswd", "404 /404.html", "404 /404.html", "404 /404.html"],
  ["/about/%0d%0aSet-Cookie:%20a=b", "404 /404.html", "404 /404.html", "404 /404.html"],
];

/** A site below a path of its host. */
export const prefixed: ServedSite = {
  files: buildOutput(usualPages, "/docs/v1.2"),
  pathPrefix: "/docs/v1.2",
  environment: { publicConfig: { a: 1 } },
};

/** Addresses of that site's host. */
export const prefixedRequests: readonly (readonly [address: string, answer: string])[] = [
  ["/", "302 /docs/v1.2/"],
  ["/docs", "404 /404.html"],
  ["/docs/v1.2", "301 /docs/v1.2/"],
  ["/docs/v1.2/", "200 /"],
  ["/docs/v1.2/about", "301 /docs/v1.2/about/"],
  ["/docs/v1.2/about/", "200 /about/"],
  ["/docs/v1.2/app/x", "200 /app/[...]/"],
  ["/docs/v1.2/none", "404 /404.html"],
  ["/docs/v1x2/about/", "404 /404.html"],
  ["/about/", "404 /404.html"],
];
