import { Nginx, type ServedSite } from "../support/nginx";
import { buildOutput, usualPages } from "./support/gatsbyOutput";

let nginx: Nginx | undefined;

afterEach(() => nginx?.stop());

const pages = buildOutput(usualPages);

async function lookAll(site: ServedSite, paths: readonly string[]): Promise<string[]> {
  const server = (nginx = await Nginx.serve(site));
  const found = await Promise.all(paths.map((path) => server.look(path)));
  return found.map((text, index) => `${paths[index]}: ${text.replace(/ <script.*/, "")}`);
}

describe("a site's `_redirects`", () => {
  const redirects = [
    "# Comments are none",
    "/old /about/",
    "/moved    /about/   302  # for a while",
    "/blog/* https://blog.example.com/:splat 301",
    "/news/:year/:slug /archive/:slug?from=:year 308",
    "/form /thanks/ 303",
    "/about/ /elsewhere/",
    "/orders/new/ /closed/ 302!",
    "/shop/* /about/ 200",
    "/gone/* /404.html 404",
    "/removed /about/ 410",
    "/über /about/",
    "/a.b /about/",
  ];

  it("is followed, in its order, where no page has the address", async () => {
    const files = { ...pages, _redirects: redirects.join("\n") };
    const asked = [
      "/old",
      "/old/?a=1",
      "/older",
      "/moved",
      "/blog",
      "/blog/2024/a%20b?c=d",
      "/blog/%0d%0aSet-Cookie:%20a=b",
      "/news/2024/first?x=1",
      "/form",
      "/about/",
      "/orders/new/",
      "/shop/shoes/red",
      "/gone/there",
      "/removed",
      "/%C3%BCber",
      "/aXb",
      "/_redirects",
    ];
    expect(await lookAll({ files }, asked)).toEqual([
      "/old: 301 /about/",
      "/old/?a=1: 301 /about/?a=1",
      "/older: 404 /404.html",
      "/moved: 302 /about/",
      "/blog: 301 https://blog.example.com/",
      "/blog/2024/a%20b?c=d: 301 https://blog.example.com/2024/a%20b?c=d",
      "/blog/%0d%0aSet-Cookie:%20a=b: 301 https://blog.example.com/%0d%0aSet-Cookie:%20a=b",
      "/news/2024/first?x=1: 308 /archive/first?from=2024",
      "/form: 303 /thanks/",
      "/about/: 200 /about/",
      "/orders/new/: 302 /closed/",
      "/shop/shoes/red: 200 /about/",
      "/gone/there: 404 /404.html",
      "/removed: 410 /about/",
      "/%C3%BCber: 301 /about/",
      "/aXb: 404 /404.html",
      "/_redirects: 404 /404.html",
    ]);
    expect(nginx?.buildLog).toBe("");
  });

  it("is named in the build's log, line by line, for what nginx can't follow", async () => {
    const lines = [
      "https://old.example.com/* https://www.example.com/:splat 301!",
      "/search q=:text /find/:text",
      "/only",
      "/ /de/ 302 Language=de",
      "/api/* https://api.example.com/:splat 200",
      "/spa/* /spa.html 200",
      "/secret /login 401",
      "/:a/:a /about/",
    ];
    nginx = await Nginx.serve({ files: { ...pages, _redirects: lines.join("\n") } });
    expect(nginx.buildLog.trim().split("\n").sort()).toEqual([
      "Warning: _redirects, line 1: not followed, because it is for a host.",
      "Warning: _redirects, line 2: not followed, because it depends on the query.",
      "Warning: _redirects, line 3: not followed, because it names no target.",
      "Warning: _redirects, line 4: not followed, because it depends on who asks.",
      "Warning: _redirects, line 5: not followed, because it would fetch the page from another host.",
      "Warning: _redirects, line 6: not followed, because /spa.html is no page of the site.",
      "Warning: _redirects, line 7: not followed, because nginx has no such answer (401).",
      "Warning: _redirects, line 8: not followed, because its parameters need short names, each once.",
    ]);
  });
});

describe("redirects that a site creates", () => {
  it("are followed if Gatsby keeps them for the browser", async () => {
    const browserRedirects = [
      {
        fromPath: "/old/",
        toPath: "/about/",
        isPermanent: true,
        ignoreCase: true,
        redirectInBrowser: true,
      },
      { fromPath: "/exact", toPath: "/about/", ignoreCase: false },
      { fromPath: "/see", toPath: "/about/", statusCode: 307 },
      { fromPath: "/de", toPath: "/about/", conditions: { language: "de" } },
    ];
    const asked = ["/old", "/OLD/", "/exact", "/EXACT", "/see", "/de"];
    expect(await lookAll({ files: pages, browserRedirects }, asked)).toEqual([
      "/old: 301 /about/",
      "/OLD/: 301 /about/",
      "/exact: 302 /about/",
      "/EXACT: 404 /404.html",
      "/see: 307 /about/",
      "/de: 404 /404.html",
    ]);
    expect(nginx?.buildLog).toBe(
      "Warning: The redirect from /de is not followed, because it depends on who asks.\n",
    );
  });

  it("are not looked for in a file of the site's own", async () => {
    const files = { ...pages, "redirects.json": '[{"name":"a"}]' };
    expect(await lookAll({ files }, ["/redirects.json"])).toEqual([
      '/redirects.json: 200 [{"name":"a"}]',
    ]);
  });
});

describe("files for other hosts", () => {
  it.each(["_headers", "netlify.toml", "vercel.json", ".htaccess", "_worker.js"])(
    "are not published: %s",
    async (name) => {
      expect(await lookAll({ files: { ...pages, [name]: "{}" } }, [`/${name}`])).toEqual([
        `/${name}: 404 /404.html`,
      ]);
    },
  );
});

describe("a build with another path prefix than the image's", () => {
  it("is stopped", async () => {
    await expect(Nginx.serve({ files: buildOutput(usualPages, "/docs") })).rejects.toThrow(
      'The pages ask for their scripts below "/docs/", and the image serves them below "/". Write in the Dockerfile: ARG PATH_PREFIX=/docs',
    );
    nginx = await Nginx.serve({ files: buildOutput(usualPages, "https://cdn.example.com") });
    expect((await nginx.get("/about/")).status).toBe(200);
  });
});
