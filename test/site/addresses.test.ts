import { Nginx, type ServedSite } from "../support/nginx";
import { buildOutput, pagesWithoutSlash, usualPages } from "./support/gatsbyOutput";

let nginx: Nginx | undefined;

afterEach(() => nginx?.stop());

/** For each address: its status, and where it leads to or the path of the page that is shown. */
async function lookAll(site: ServedSite, paths: readonly string[]): Promise<string[]> {
  const server = (nginx = await Nginx.serve(site));
  const found = await Promise.all(paths.map((path) => server.look(path)));
  return found.map((text, index) => `${paths[index]}: ${text.replace(/ <script.*/, "")}`);
}

/** Addresses of every shape of site. */
const addresses = [
  "/",
  "/about",
  "/about/",
  "/about/?a=1",
  "/about?a=1",
  "/tags/machine%20learning/",
  "/tags/%C3%BCber%20uns/",
  "/tags/the%20%22other%22%20list",
  "/app",
  "/app/",
  "/app/settings",
  "/app/orders/42/",
  "/orders/42",
  "/orders/new/",
  "/orders/42/more",
  "/no-such-page",
  "/no-such-page/",
  "/page-data/",
  "/.htpasswd",
  "/about/%0d%0aSet-Cookie:%20a=b",
];

describe("the addresses of a site", () => {
  it("end in a slash, as Gatsby has it", async () => {
    expect(await lookAll({ files: buildOutput(usualPages) }, addresses)).toEqual([
      "/: 200 /",
      "/about: 301 /about/",
      "/about/: 200 /about/",
      "/about/?a=1: 200 /about/",
      "/about?a=1: 301 /about/?a=1",
      "/tags/machine%20learning/: 200 /tags/machine learning/",
      "/tags/%C3%BCber%20uns/: 200 /tags/über uns/",
      "/tags/the%20%22other%22%20list: 301 /tags/the%20%22other%22%20list/",
      "/app: 200 /app/[...]/",
      "/app/: 200 /app/[...]/",
      "/app/settings: 200 /app/[...]/",
      "/app/orders/42/: 200 /app/[...]/",
      "/orders/42: 200 /orders/[id]/",
      "/orders/new/: 200 /orders/new/",
      "/orders/42/more: 404 /404.html",
      "/no-such-page: 404 /404.html",
      "/no-such-page/: 404 /404.html",
      "/page-data/: 404 /404.html",
      "/.htpasswd: 404 /404.html",
      "/about/%0d%0aSet-Cookie:%20a=b: 404 /404.html",
    ]);
  });

  it('end without one with `trailingSlash: "never"`', async () => {
    const files = buildOutput(pagesWithoutSlash);
    expect(await lookAll({ files }, addresses.slice(0, 12))).toEqual([
      "/: 200 /",
      "/about: 200 /about",
      "/about/: 301 /about",
      "/about/?a=1: 301 /about?a=1",
      "/about?a=1: 200 /about",
      "/tags/machine%20learning/: 301 /tags/machine%20learning",
      "/tags/%C3%BCber%20uns/: 301 /tags/%C3%BCber%20uns",
      '/tags/the%20%22other%22%20list: 200 /tags/the "other" list',
      "/app: 200 /app/[...]",
      "/app/: 200 /app/[...]",
      "/app/settings: 200 /app/[...]",
      "/app/orders/42/: 200 /app/[...]",
    ]);
  });

  it('may do either with `trailingSlash: "ignore"`', async () => {
    const sources = { "gatsby-config.mjs": 'export default { trailingSlash: "ignore" };\n' };
    const files = buildOutput(usualPages);
    expect(await lookAll({ files, sources }, ["/", "/about", "/about/", "/app/x", "/x"])).toEqual([
      "/: 200 /",
      "/about: 200 /about/",
      "/about/: 200 /about/",
      "/app/x: 200 /app/[...]/",
      "/x: 404 /404.html",
    ]);
  });

  it("are below the site's path prefix", async () => {
    const files = buildOutput(usualPages, "/docs/v1.2");
    const site = { files, pathPrefix: "/docs/v1.2", environment: { publicConfig: { a: 1 } } };
    const asked = [
      "",
      "/docs",
      "/docs/v1.2",
      "/docs/v1.2/about",
      "/docs/v1.2/app/x",
      "/docs/v1x2/about/",
    ];
    expect(
      await lookAll(site, [
        ...asked.map((path) => path || "/"),
        "/docs/v1.2/config.json",
        "/healthz",
      ]),
    ).toEqual([
      "/: 302 /docs/v1.2/",
      "/docs: 404 /404.html",
      "/docs/v1.2: 301 /docs/v1.2/",
      "/docs/v1.2/about: 301 /docs/v1.2/about/",
      "/docs/v1.2/app/x: 200 /app/[...]/",
      "/docs/v1x2/about/: 404 /404.html",
      '/docs/v1.2/config.json: 200 {\n  "a": 1\n}',
      "/healthz: 200 ok",
    ]);
  });

  it("lead to nothing of nginx's own in a site that has no 404 page", async () => {
    nginx = await Nginx.serve({ files: { "index.html": "home" } });
    expect((await nginx.get("/")).body).toBe("home");
    expect((await nginx.get("/none")).status).toBe(404);
    expect((await nginx.get("/none/")).status).toBe(404);
  });
});
