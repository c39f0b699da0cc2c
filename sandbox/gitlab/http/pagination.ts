import type { FastifyReply, FastifyRequest } from "fastify";

import type { GitLab } from "../gitlab";
import { integer, nonZero, optional, readParameters } from "./parameters";

const defaultPerPage = 20;
const maximumPerPage = 100;

/** Above this number of rows GitLab does not count. */
const maximumCount = 10_000;

/**
 * Returns the page that the request asks for by number, and adds the headers that link to the other pages.
 * `keyset.ts` is for lists that GitLab also pages by key.
 */
export function paginate<T>(
  gitlab: GitLab,
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
): T[] {
  const { page, perPage } = readPage(request);
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const isCounted = items.length <= maximumCount;
  const previous = page > 1 ? page - 1 : undefined;
  const next = page < pages ? page + 1 : undefined;

  const link = (relation: string, target: number | undefined): string[] =>
    target === undefined
      ? []
      : [
          `<${computeAddress(gitlab, request, { page: target, per_page: perPage })}>; rel="${relation}"`,
        ];
  void reply.headers({
    link: [
      ...link("prev", previous),
      ...link("next", next),
      ...link("first", 1),
      ...link("last", isCounted ? pages : undefined),
    ].join(", "),
    "x-next-page": String(next ?? ""),
    "x-page": String(page),
    "x-per-page": String(perPage),
    "x-prev-page": String(previous ?? ""),
    ...(isCounted ? { "x-total": String(items.length), "x-total-pages": String(pages) } : {}),
  });
  return items.slice((page - 1) * perPage, page * perPage);
}

/** Reads which page is requested. A number below 1 counts as the default, except 0 rows, which is refused. */
export function readPage(request: FastifyRequest): { page: number; perPage: number } {
  const asked = readParameters(request, { page: optional(integer), per_page: optional(nonZero) });
  const perPage = asked.per_page ?? defaultPerPage;
  return {
    page: Math.max(1, asked.page ?? 1),
    perPage: perPage < 0 ? defaultPerPage : Math.min(maximumPerPage, perPage),
  };
}

/** Returns the request's URL with other parameters. Like GitLab's, it includes those of the path, sorted. */
export function computeAddress(
  gitlab: GitLab,
  request: FastifyRequest,
  changes: Readonly<Record<string, string | number>>,
): string {
  const address = new URL(request.url, gitlab.url);
  for (const [name, value] of Object.entries({ ...(request.params as object), ...changes })) {
    address.searchParams.set(name, String(value));
  }
  address.searchParams.sort();
  return address.href;
}
