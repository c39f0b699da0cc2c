import fastify, { type FastifyInstance, type LightMyRequestResponse } from "fastify";

import type { GitLab } from "../../../../sandbox/gitlab/gitlab";
import { paginateByKey, type KeysetOptions } from "../../../../sandbox/gitlab/http/keyset";
import { renderErrors } from "../../../../sandbox/gitlab/http/renderErrors";
import { Routes } from "../../../../sandbox/gitlab/http/routes";

interface Item {
  readonly id: number;
  readonly name: string | null;
}

const gitlab = { url: "https://gitlab.test" } as GitLab;
const items: readonly Item[] = [
  { id: 1, name: "b" },
  { id: 2, name: "a" },
  { id: 3, name: null },
  { id: 4, name: "b" },
  { id: 5, name: "c" },
];

function serve(
  style: KeysetOptions<Item>["style"],
  list: readonly Item[] = items,
): FastifyInstance {
  const app = fastify();
  renderErrors(app, gitlab, new Routes(app), () => undefined);
  const orders = { id: ({ id }: Item) => id, name: ({ name }: Item) => name };
  app.get("/items", (request, reply) =>
    paginateByKey(gitlab, request, reply, list, {
      kind: "Item",
      id: ({ id }) => id,
      orders,
      style,
    }),
  );
  return app;
}

/** Follows the links from page to page. */
async function walk(
  app: FastifyInstance,
  first: string,
): Promise<{ ids: number[][]; links: string[] }> {
  const ids: number[][] = [];
  const links: string[] = [];
  for (let path: string | undefined = first; path !== undefined;) {
    const answer: LightMyRequestResponse = await app.inject(path);
    ids.push(answer.json<Item[]>().map(({ id }) => id));
    path = /^<https:\/\/gitlab\.test(.*)>; rel="next"$/.exec(String(answer.headers["link"]))?.[1];
    if (path !== undefined) links.push(path);
    expect(answer.headers).not.toHaveProperty("x-total");
  }
  return { ids, links };
}

describe("pages by key", () => {
  it.each([
    ["desc", [[5, 4], [3, 2], [1]], ["id_before=4", "id_before=2"]],
    ["asc", [[1, 2], [3, 4], [5]], ["id_after=2", "id_after=4"]],
  ])("lead on by id, %s", async (sort, ids, bounds) => {
    const query = `order_by=id&pagination=keyset&per_page=2&sort=${sort}`;

    expect(await walk(serve("id"), `/items?${query}`)).toEqual({
      ids,
      links: bounds.map((bound) => `/items?${bound}&${query}`),
    });
  });

  it("are of the newest first when no order is asked for", async () => {
    expect((await walk(serve("cursor"), "/items?pagination=keyset")).ids).toEqual([
      [5, 4, 3, 2, 1],
    ]);
  });

  it.each([
    ["asc", [[2, 1], [4, 5], [3]]],
    ["desc", [[3, 5], [4, 1], [2]]],
  ])("lead on by cursor through what is alike or has no value, %s", async (sort, ids) => {
    const query = `order_by=name&pagination=keyset&per_page=2&sort=${sort}`;
    const walked = await walk(serve("cursor"), `/items?${query}`);

    expect(walked.ids).toEqual(ids);
    expect(walked.links[0]).toMatch(/^\/items\?cursor=[\w-]+&order_by=name&pagination=keyset/);
  });

  it("end without a link, also when the last page is full or there is nothing", async () => {
    const query = "/items?pagination=keyset&per_page=1";

    expect((await walk(serve("id", items.slice(0, 2)), query)).ids).toEqual([[2], [1]]);
    expect((await walk(serve("id", []), query)).ids).toEqual([[]]);
  });

  it.each<["id" | "cursor", string, number, string]>([
    [
      "id",
      "pagination=keyset&order_by=name",
      405,
      "Keyset pagination is not yet available for this type of request",
    ],
    [
      "cursor",
      "pagination=keyset&order_by=size",
      405,
      "Keyset pagination is not yet available for this type of request",
    ],
    ["cursor", "pagination=keyset&cursor=e30", 400, "cursor is invalid"],
    ["cursor", "pagination=keyset&cursor=%25", 400, "cursor is invalid"],
    ["id", "pagination=keyset&sort=up", 400, "sort does not have a valid value"],
    [
      "id",
      "page=501&per_page=100",
      405,
      "Offset pagination has a maximum allowed offset of 50000 for requests that return objects of " +
        "type Item. Remaining records can be retrieved using keyset pagination.",
    ],
  ])("of style %s refuse %s", async (style, query, status, error) => {
    const answer = await serve(style).inject(`/items?${query}`);

    expect([answer.statusCode, answer.json()]).toEqual([status, { error }]);
  });

  it("are by number without `pagination=keyset`", async () => {
    const { headers } = await serve("id").inject("/items?per_page=2&page=2");

    expect(headers).toMatchObject({ "x-page": "2", "x-total": "5", "x-next-page": "3" });
  });
});

describe("pages by number of more than 10,000 rows", () => {
  const many = Array.from({ length: 10_001 }, (_, n): Item => ({ id: n, name: null }));

  it("aren't counted", async () => {
    const { headers } = await serve("id", many).inject("/items?per_page=100&page=100");

    expect(headers).toMatchObject({ "x-page": "100", "x-next-page": "101" });
    expect(headers).not.toHaveProperty("x-total");
    expect(headers).not.toHaveProperty("x-total-pages");
    expect(headers["link"]).toContain('rel="next"');
    expect(headers["link"]).not.toContain('rel="last"');
  });

  it("end all the same", async () => {
    const { headers } = await serve("id", many).inject("/items?per_page=100&page=101");

    expect(headers["x-next-page"]).toBe("");
  });

  it("are counted up to 10,000", async () => {
    const { headers } = await serve("id", many.slice(1)).inject("/items?per_page=100");

    expect(headers).toMatchObject({ "x-total": "10000", "x-total-pages": "100" });
  });
});
