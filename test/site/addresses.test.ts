import { Nginx, type ServedSite } from "../support/nginx";
import { prefixed, prefixedRequests, requests, shapes } from "./support/requests";

let nginx: Nginx | undefined;

afterEach(() => nginx?.stop());

/** For each address: its status, and where it leads to or the path of the page that is shown. */
async function lookAll(site: ServedSite, paths: readonly string[]): Promise<[string, string][]> {
  const server = (nginx = await Nginx.serve(site));
  const found = await Promise.all(paths.map((path) => server.look(path)));
  return found.map((text, index) => [paths[index], text.replace(/ <script.*/, "")]);
}

describe("the addresses of a site", () => {
  it.each(Object.entries(shapes))("end as Gatsby has it with `%s`", async (shape, site) => {
    const column = Object.keys(shapes).indexOf(shape) + 1;
    const expected = requests.map((row) => [row[0], row[column]]);
    expect(
      await lookAll(
        site,
        requests.map(([address]) => address),
      ),
    ).toEqual(expected);
  });

  it("are below the site's path prefix", async () => {
    const addresses = prefixedRequests.map(([address]) => address);
    expect(await lookAll(prefixed, addresses)).toEqual(prefixedRequests);
    expect(await nginx?.look("/docs/v1.2/config.json")).toBe('200 {\n  "a": 1\n}');
    expect(await nginx?.look("/healthz")).toBe("200 ok");
  });

  it("lead to nothing of nginx's own in a site that has no 404 page", async () => {
    nginx = await Nginx.serve({ files: { "index.html": "home" } });
    expect((await nginx.get("/")).body).toBe("home");
    expect((await nginx.get("/none")).status).toBe(404);
    expect((await nginx.get("/none/")).status).toBe(404);
  });
});
