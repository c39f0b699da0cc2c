import type { FastifyReply, FastifyRequest } from "fastify";

import { ApiError } from "../errors";
import type { GitLab } from "../gitlab";
import { computeAddress, paginate, readPage } from "./pagination";
import { oneOf, optional, readParameters, text } from "./parameters";

/** Describes how a list can be sorted and paged by key. */
export interface KeysetOptions<T> {
  /** Kind of the items in GitLab's words, e.g. `Project`. */
  readonly kind: string;
  /** Unique id of an item, which also sorts equal items. */
  readonly id: (item: T) => number;
  /** Values to sort by, under their names in `order_by`. One is `id`. */
  readonly orders: Readonly<Record<string, (item: T) => string | number | null>>;
  /**
   * How the next page is named: by the last id (`id_after`, `id_before`), as for projects, or by a cursor, as for
   * most lists.
   */
  readonly style: "id" | "cursor";
}

/** GitLab refuses pages beyond this offset if the list can be paged by key. */
const maximumOffset = 50_000;

type Key = string | number | null;

/**
 * Returns the page that the request asks for: by key with `pagination=keyset`, else by number. By key the reply links
 * only to the next page, and on the last page to none.
 */
export function paginateByKey<T>(
  gitlab: GitLab,
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
  options: KeysetOptions<T>,
): T[] {
  const { pagination, order_by, sort, cursor, id_after, id_before } = readParameters(request, {
    pagination: optional(text),
    order_by: optional(text),
    sort: optional(oneOf(["asc", "desc"])),
    cursor: optional(text),
    id_after: optional(text),
    id_before: optional(text),
  });
  const { page, perPage } = readPage(request);
  if (pagination !== "keyset") {
    if (page * perPage > maximumOffset) throw offsetExceeded(options.kind);
    return paginate(gitlab, request, reply, items);
  }
  const order = order_by ?? "id";
  if (!Object.hasOwn(options.orders, order) || (options.style === "id" && order !== "id")) {
    throw new ApiError(405, {
      error: "Keyset pagination is not yet available for this type of request",
    });
  }

  const direction = sort === "asc" ? 1 : -1;
  const compare = (one: readonly Key[], other: readonly Key[]): number =>
    direction * (compareKeys(one[0], other[0]) || compareKeys(one[1], other[1]));
  const keyOf = (item: T): Key[] => [options.orders[order](item), options.id(item)];
  const after =
    options.style === "cursor" ? readCursor(cursor, order) : readBounds(id_after, id_before);
  const rest = items
    .filter((item) => after === undefined || compare(keyOf(item), after) > 0)
    .toSorted((one, other) => compare(keyOf(one), keyOf(other)));
  const found = rest.slice(0, perPage);
  const last = found.at(-1);
  if (last !== undefined && rest.length > perPage) {
    const [value, id] = keyOf(last);
    const name = direction === 1 ? "id_after" : "id_before";
    const next: Record<string, string> =
      options.style === "cursor"
        ? { cursor: writeCursor(order, value, id) }
        : { [name]: String(id) };
    const address = computeAddress(gitlab, request, { per_page: perPage, ...next });
    void reply.header("link", `<${address}>; rel="next"`);
  }
  return found;
}

function compareKeys(one: Key, other: Key): number {
  if (one === other) return 0;
  // As in PostgreSQL, a missing value is the greatest.
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -1 : 1;
}

function readBounds(after: string | undefined, before: string | undefined): Key[] | undefined {
  const bound = Number(after ?? before);
  return Number.isSafeInteger(bound) ? [bound, bound] : undefined;
}

/**
 * Renders a cursor like GitLab's: the last item's values, and the direction `n` for next. Clients must not parse it.
 */
function writeCursor(order: string, value: Key, id: Key): string {
  const cursor = JSON.stringify({ [order]: value, id, _kd: "n" });
  return Buffer.from(cursor).toString("base64url");
}

function readCursor(cursor: string | undefined, order: string): Key[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const read = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as Record<
      string,
      Key
    >;
    if (Number.isSafeInteger(read["id"]) && Object.hasOwn(read, order)) {
      return [read[order], read["id"]];
    }
  } catch {
    // Refused like a readable cursor of another list.
  }
  throw new ApiError(400, { error: "cursor is invalid" });
}

function offsetExceeded(kind: string): ApiError {
  return new ApiError(405, {
    error:
      `Offset pagination has a maximum allowed offset of ${maximumOffset} for requests that return ` +
      `objects of type ${kind}. Remaining records can be retrieved using keyset pagination.`,
  });
}
