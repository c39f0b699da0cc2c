import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Nginx } from "../support/nginx";
import { buildOutput, usualPages } from "./support/gatsbyOutput";

let nginx: Nginx | undefined;

afterEach(() => nginx?.stop());

const hash = "0123456789abcdef0123";
const md5 = "4df7e9aa0382c5adad529e66d2c9bb26";
const long = "immutable ".repeat(300);

describe("what browsers keep", () => {
  it("is a file whose name holds its content's hash, and nothing else", async () => {
    const kept = [
      `/app-${hash}.js`,
      `/app-${hash}.js.map`,
      `/component---src-pages-about-tsx-${hash}.js`,
      `/styles.${hash}.css`,
      `/static/${md5}/0a2f1/picture.webp`,
      `/static/inter-latin-400-${md5}.woff2`,
    ];
    const asked = [
      "/about/index.html",
      "/page-data/app-data.json",
      "/page-data/sq/d/3764592887.json",
      "/favicon.svg",
      "/sw.js",
      "/static/logo.svg",
      "/static/2024/photo.jpg",
      "/fonts/inter.woff2",
    ];
    const names = [...kept, ...asked];
    const files = Object.fromEntries(names.map((path) => [path.slice(1), path]));
    const server = (nginx = await Nginx.serve({ files }));
    const caching = async (path: string) => (await server.get(path)).headers["cache-control"];

    for (const path of kept)
      expect(`${path} ${await caching(path)}`).toMatch(/ public, max-age=31536000, immutable$/);
    for (const path of asked) expect(`${path} ${await caching(path)}`).toMatch(/ no-cache$/);
    // A pod of the former release has not got the new chunk yet.
    const missing = await server.get(`/later-${hash}.js`);
    expect([missing.status, missing.headers["cache-control"]]).toEqual([404, "no-cache"]);
  });

  it("is asked for by the hash of its content, whatever its time and size", async () => {
    const files = buildOutput(usualPages);
    const release = { ...files, "about/index.html": "<p>a</p>" };
    const next = { ...files, "about/index.html": "<p>b</p>" };
    const server = (nginx = await Nginx.serve({ files: release }));
    const first = await server.get("/about/");
    const etag = first.headers.etag ?? "";
    const content = createHash("sha256").update("<p>a</p>").digest("hex").slice(0, 20);
    expect([first.status, etag, first.headers["last-modified"]]).toEqual([
      200,
      `W/"${content}"`,
      undefined,
    ]);

    for (const condition of [etag, etag.replace("W/", ""), `"x", ${etag}`]) {
      const unchanged = await server.get("/about/", { "if-none-match": condition });
      expect([unchanged.status, unchanged.body, unchanged.headers.etag]).toEqual([304, "", etag]);
    }
    for (const path of ["/about/", "/app/settings", "/page-data/about/page-data.json"]) {
      const { headers } = await server.get(path);
      expect((await server.get(path, { "if-none-match": headers.etag ?? "" })).status).toBe(304);
      expect((await server.get(path, { "if-none-match": '"other"' })).status).toBe(200);
    }
    expect((await server.get("/none/", { "if-none-match": etag })).headers.etag).toBeUndefined();
    await server.stop();

    const later = (nginx = await Nginx.serve({ files: next }));
    const answer = await later.get("/about/", { "if-none-match": etag });
    expect([answer.status, answer.body]).toEqual([200, "<p>b</p>"]);
  });

  it("is none of a route's for what is no page of it", async () => {
    const files = {
      ...buildOutput([{ path: "/[...]/", matchPath: "/*" }]),
      "tags/A.txt": "large",
      "tags/a.txt": "small",
      ".secret": "hidden",
    };
    const server = (nginx = await Nginx.serve({ files, environment: {} }));
    const etagOf = async (path: string) => (await server.get(path)).headers.etag;
    const page = (await etagOf("/any/where")) ?? "";
    expect((await server.get("/any/where", { "if-none-match": page })).status).toBe(304);
    for (const path of ["/config.json", "/tags/a.txt", "/app-0123456789abcdef0123.js"]) {
      expect(await etagOf(path)).toBeUndefined();
      expect((await server.get(path, { "if-none-match": page })).status).toBe(200);
    }
    const hidden = createHash("sha256").update("hidden").digest("hex").slice(0, 20);
    const asked = await server.get("/.secret", { "if-none-match": `"${hidden}"` });
    expect([asked.status, asked.headers.etag]).toEqual([404, undefined]);
  });

  it("may have addresses that differ by case alone", async () => {
    const files = { "tags/A/index.html": "large", "tags/a/index.html": "small" };
    const server = (nginx = await Nginx.serve({ files }));
    expect(await server.look("/tags/A/")).toBe("200 large");
    expect(await server.look("/tags/a/")).toBe("200 small");
    expect((await server.get("/tags/a/")).headers.etag).toBeUndefined();
  });
});

describe("what is sent", () => {
  it("was compressed when the image was built", async () => {
    const files = { "index.html": "<p>short</p>", "long/index.html": `<p>${long}</p>` };
    const server = (nginx = await Nginx.serve({ files }));
    const accept = { "accept-encoding": "gzip" };
    const page = await server.get("/long/", accept);
    expect(page.headers).toMatchObject({ "content-encoding": "gzip", vary: "Accept-Encoding" });
    expect(Number(page.headers["content-length"])).toBeLessThan(200);
    const again = await server.get("/long/", {
      ...accept,
      "if-none-match": page.headers.etag ?? "",
    });
    expect(again.status).toBe(304);
    expect((await server.get("/long/")).body).toBe(`<p>${long}</p>`);
    expect((await server.get("/", accept)).headers["content-encoding"]).toBeUndefined();
  });

  it.each([
    ["site.webmanifest", "application/manifest+json"],
    ["module.mjs", "text/javascript; charset=utf-8"],
    ["picture.avif", "image/avif"],
    ["page.css", "text/css; charset=utf-8"],
    ["font.woff2", "font/woff2"],
    ["program.wasm", "application/wasm"],
    ["page-data.json", "application/json"],
  ])("has the type of %s", async (name, type) => {
    const server = (nginx = await Nginx.serve({ files: { [name]: "x" } }));
    const { headers, status } = await server.get(`/${name}`);
    expect([status, headers["content-type"]]).toEqual([200, type]);
  });

  it("is logged as JSON, one line a request, and without the health checks", async () => {
    const server = (nginx = await Nginx.serve({ files: { "index.html": "home" } }));
    await server.get("/healthz");
    await server.get('/?q="a"', { "user-agent": 'Browser "1"', "x-forwarded-for": "192.0.2.1" });
    await server.stop();
    nginx = undefined;
    const lines = server.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
        request: 'GET /?q="a" HTTP/1.1',
        status: 200,
        bytes: 4,
        seconds: expect.any(Number) as number,
        host: "127.0.0.1",
        remote: "127.0.0.1",
        forwarded: "192.0.2.1",
        referer: "",
        agent: 'Browser "1"',
      },
    ]);
  });
});

it("has the hash of a file that is longer than Node reads at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-film-"));
  const film = join(folder, "film.mp4");
  writeFileSync(film, "");
  truncateSync(film, 2 ** 31 + 1);
  const script = join(__dirname, "../../site/nginx.pages.mjs");
  execFileSync(process.execPath, [script, folder, folder], { cwd: folder });
  const rules = readFileSync(join(folder, "http.conf"), "utf8");
  rmSync(folder, { recursive: true });

  expect(rules).toMatch(/^ {2}"\/film\.mp4" "[0-9a-f]{20}";$/m);
});
