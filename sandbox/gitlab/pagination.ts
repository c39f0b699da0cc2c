import type { FastifyReply, FastifyRequest } from "fastify";

import type { GitLab } from "./gitlab";
import { integer, optional, readParameters } from "./parameters";

const defaultPerPage = 20;
const maximumPerPage = 100;

/** The page that the request asks for; the reply gets the headers that lead to the others. */
export function paginate<T>(
  gitlab: GitLab,
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
): T[] {
  const asked = readParameters(request, { page: optional(integer), per_page: optional(integer) });
  const page = Math.max(1, asked.page ?? 1);
  const perPage = Math.min(maximumPerPage, Math.max(1, asked.per_page ?? defaultPerPage));
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const previous = page > 1 ? page - 1 : undefined;
  const next = page < pages ? page + 1 : undefined;

  const link = (relation: string, target: number | undefined): string[] =>
    target === undefined
      ? []
      : [`<${computeAddress(gitlab, request, target, perPage)}>; rel="${relation}"`];
  void reply.headers({
    link: [
      ...link("prev", previous),
      ...link("next", next),
      ...link("first", 1),
      ...link("last", pages),
    ].join(", "),
    "x-next-page": String(next ?? ""),
    "x-page": String(page),
    "x-per-page": String(perPage),
    "x-prev-page": String(previous ?? ""),
    "x-total": String(items.length),
    "x-total-pages": String(pages),
  });
  return items.slice((page - 1) * perPage, page * perPage);
}

function computeAddress(
  gitlab: GitLab,
  request: FastifyRequest,
  page: number,
  perPage: number,
): string {
  const address = new URL(request.url, gitlab.url);
  address.searchParams.set("page", String(page));
  address.searchParams.set("per_page", String(perPage));
  return address.href;
}
