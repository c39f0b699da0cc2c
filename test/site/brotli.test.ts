import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { renderUsers } from "../../components/site/basicAuth";
import { type Answer, Nginx, type ServedSite } from "../support/nginx";
import { buildOutput, pagesWithoutSlash, usualPages } from "./support/gatsbyOutput";

const hash = "0123456789abcdef0123";
const browser = { "accept-encoding": "gzip, deflate, br, zstd" };

const running: Nginx[] = [];
afterAll(() => Promise.all(running.map((nginx) => nginx.stop())));

/** Long enough to be compressed, and shorter in brotli than in gzip. */
const text = Array.from({ length: 400 }, (_, index) => `<p>${(index * 7919) % 1009}</p>`).join("");

async function serveAsItIs(site: ServedSite): Promise<Nginx> {
  const nginx = await Nginx.serve(site);
  running.push(nginx);
  return nginx;
}

/** Serves files that all end in a long text, apart from what Slipway itself reads. */
async function serve({ files, ...site }: ServedSite): Promise<Nginx> {
  const long = Object.entries(files).map(([name, content]) => [
    name,
    name.startsWith("page-data/") ? content : content + text,
  ]);
  return serveAsItIs({
    files: Object.fromEntries(long) as ServedSite["files"],
    environment: {},
    ...site,
  });
}

const encodingOf = ({ headers }: Answer): string => headers["content-encoding"] ?? "none";

/** An answer as a browser has it. */
function decode(answer: Answer) {
  const { bytes, headers, status } = answer;
  const { date, "content-encoding": encoding, "content-length": length, ...others } = headers;
  const decoders: Record<string, typeof gunzipSync> = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
  };
  const body = encoding === undefined ? bytes : decoders[encoding](bytes);
  // nginx offers no parts of gzip.
  delete others["accept-ranges"];
  expect([date, length]).toEqual([expect.any(String), String(bytes.length)]);
  return { status, headers: others, body: body.toString() };
}

describe("an answer in brotli", () => {
  const others = [
    "styles.css",
    "feed.xml",
    "logo.svg",
    "site.webmanifest",
    "deep/100% what?'s + über/data.json",
    ".well-known/security.txt",
  ];
  const shapes: readonly (readonly [string, ServedSite, readonly string[]])[] = [
    ["always", { files: buildOutput(usualPages) }, ["/", "/about/"]],
    ["never", { files: buildOutput(pagesWithoutSlash) }, ["/", "/about"]],
    [
      "ignore",
      {
        files: buildOutput(usualPages),
        sources: { "gatsby-config.ts": 'export default { trailingSlash: "ignore" };' },
      },
      ["/", "/about", "/about/"],
    ],
    [
      "always, below a prefix",
      { files: buildOutput(usualPages, "/docs/v1.2"), pathPrefix: "/docs/v1.2" },
      ["/", "/about/"],
    ],
  ];

  it.each(shapes)("is that of the file itself: %s", async (_, site, pages) => {
    const { pathPrefix = "" } = site;
    const files = { ...site.files, ...Object.fromEntries(others.map((name) => [name, name])) };
    const server = await serve({ ...site, files });
    const encoded = others.map((name) => `/${name.split("/").map(encodeURIComponent).join("/")}`);
    const routes = ["/app/orders/1/", "/orders/7"];
    const paths = [
      ...pages,
      ...routes,
      "/none",
      "/none/",
      "/404.html",
      `/app-${hash}.js`,
      ...encoded,
    ];
    for (const path of paths.map((each) => pathPrefix + each)) {
      const ask = (accepted: string) => server.get(path, { "accept-encoding": accepted });
      const [brotli, zipped, plain] = [await ask("br"), await ask("gzip"), await ask("")];
      const encodings = [brotli, zipped, plain].map(encodingOf);
      expect([path, ...encodings]).toEqual([path, "br", "gzip", "none"]);
      expect(decode(brotli)).toEqual(decode(plain));
      expect(decode(zipped)).toEqual(decode(plain));
      expect(brotli.bytes.length).toBeLessThan(zipped.bytes.length);
      expect(decode(plain).headers).toMatchObject({ vary: "Accept-Encoding" });

      const head = await server.get(path, browser, "HEAD");
      expect([head.status, head.bytes.length]).toEqual([brotli.status, 0]);
      expect({ ...head.headers, date: "" }).toEqual({ ...brotli.headers, date: "" });
    }
  });

  it("says that a page is unchanged whatever form the browser has", async () => {
    const server = await serve({ files: buildOutput(usualPages) });
    for (const path of ["/about/", "/app/x"]) {
      const { headers } = await server.get(path, browser);
      for (const accepted of ["br", "gzip", ""]) {
        const asked = { "accept-encoding": accepted, "if-none-match": headers.etag ?? "" };
        const { bytes, headers: later, status } = await server.get(path, asked);
        expect([status, bytes.length, later["content-encoding"]]).toEqual([304, 0, undefined]);
      }
    }
  });

  it("is that of the release that runs, where the release before is kept", async () => {
    const server = await serve({
      files: buildOutput(usualPages),
      kept: { [`app-${hash}.js`]: "former", [`later-${hash}.js`]: "former" },
      environment: { keepsRelease: true },
    });
    const answer = await server.get(`/app-${hash}.js`, browser);
    expect([encodingOf(answer), decode(answer).body.slice(0, 6)]).toEqual(["br", "app();"]);
    expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(await server.look(`/later-${hash}.js`)).toBe("200 former");
  });
});

describe("brotli is sent to who accepts it", () => {
  let server: Nginx;
  beforeAll(async () => (server = await serve({ files: buildOutput(usualPages) })));

  it.each([
    ["br", "br"],
    ["BR", "br"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip;q=1.0, br;q=0.5", "br"],
    ["br ; q=0.001,gzip", "br"],
    ["gzip,br;q=1.000", "br"],
    ["gzip", "gzip"],
    ["gzip, br;q=0", "gzip"],
    ["br;q=0.000, gzip", "gzip"],
    ["br; Q=0.0,gzip", "gzip"],
    ["brotli, gzip", "gzip"],
    ["x-br, gzip", "gzip"],
    ["gzip, br;q=", "gzip"],
    ["zstd", "none"],
    ["*", "none"],
    ["", "none"],
  ])("`%s`: %s", async (accepted, encoding) => {
    const answer = await server.get("/about/", { "accept-encoding": accepted });
    expect([answer.status, encodingOf(answer)]).toEqual([200, encoding]);
    expect(decode(answer).body).toContain("/about/ <script");
  });
});

describe("brotli has no part in", () => {
  it("addresses: its folder has none", async () => {
    const server = await serve({ files: buildOutput(usualPages) });
    for (const path of ["/.br/about/index.html", "/%2ebr/index.html", "/.br/", "/.br"]) {
      const answer = await server.get(path, browser);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(decode(answer).body).toMatch(/^\/404\.html /);
    }
  });

  it("what nginx answers by itself", async () => {
    const users = { editor: "correct horse" };
    const server = await serve({
      files: { "index.html": "home" },
      users: renderUsers("site", users),
      environment: { basicAuth: users },
    });
    const login = {
      authorization: `Basic ${Buffer.from("editor:correct horse").toString("base64")}`,
    };
    const answers = [
      await server.get("/", browser),
      await server.get("/", { ...browser, ...login }, "POST"),
      await server.get("/none", { ...browser, ...login }),
      await server.get("/.br/index.html", { ...browser, ...login }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 405, 404, 404]);
    for (const answer of answers) expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(encodingOf(await server.get("/", { ...browser, ...login }))).toBe("br");
  });

  it("parts of a file", async () => {
    const server = await serve({ files: { "styles.css": "css" } });
    const part = await server.get("/styles.css", { "accept-encoding": "br", range: "bytes=0-6" });
    expect([part.status, encodingOf(part), part.body]).toEqual([206, "none", "css<p>0"]);
    expect(part.headers["content-range"]).toBe(`bytes 0-6/${text.length + 3}`);
    const beyond = await server.get("/styles.css", {
      "accept-encoding": "br",
      range: "bytes=99999-",
    });
    expect([beyond.status, encodingOf(beyond)]).toEqual([416, "none"]);
  });

  it("what is short, or has another type", async () => {
    const files = { "short.html": "short", "picture.png": text, "page-data/app-data.json": "{}" };
    const server = await serveAsItIs({ files });
    for (const name of Object.keys(files)) {
      const answer = await server.get(`/${name}`, browser);
      expect([answer.status, encodingOf(answer)]).toEqual([200, "none"]);
    }
  });
});
