import type { FastifyReply, FastifyRequest } from "fastify";

import type { GitLab } from "../gitlab";
import { integer, nonZero, optional, readParameters } from "./parameters";

const defaultPerPage = 20;
const maximumPerPage = 100;

/** Above this many rows GitLab no longer counts. */
const maximumCount = 10_000;

/**
 * The page that the request asks for, by its number; the reply gets the headers that lead to the others. See
 * `keyset.ts` for lists that GitLab also pages by key.
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

/** Which page is asked for. A number below 1 is taken for the default, except 0 rows, which is refused. */
export function readPage(request: FastifyRequest): { page: number; perPage: number } {
  const asked = readParameters(request, { page: optional(integer), per_page: optional(nonZero) });
  const perPage = asked.per_page ?? defaultPerPage;
  return {
    page: Math.max(1, asked.page ?? 1),
    perPage: perPage < 0 ? defaultPerPage : Math.min(maximumPerPage, perPage),
  };
}

/** The request's address with other parameters; like GitLab's it has those of the path, too, and is sorted. */
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
