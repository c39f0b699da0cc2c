import { listDefaults } from "../../components/site/headers";
import { Nginx, type ServedSite } from "../support/nginx";

let nginx: Nginx | undefined;

afterEach(() => nginx?.stop());

const files = { "index.html": "home", "404.html": "none", "about/index.html": "about" };

/** Headers of an answer that Slipway or the site decides about. */
async function readHeaders(
  site: Partial<ServedSite>,
  path = "/",
): Promise<Record<string, unknown>> {
  const server = (nginx = await Nginx.serve({ files, environment: {}, ...site }));
  const { headers } = await server.get(path);
  const usual = [
    "accept-ranges",
    "connection",
    "content-length",
    "content-type",
    "date",
    "etag",
    "server",
    "transfer-encoding",
  ];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !usual.includes(name)));
}

const sent = {
  "cache-control": "no-cache",
  "content-security-policy": "frame-ancestors 'self'; object-src 'self'; base-uri 'self'",
  "referrer-policy": "strict-origin-when-cross-origin",
  "x-content-type-options": "nosniff",
};

describe("the headers of a stack", () => {
  it("are few, and refuse nothing that an ordinary site has", async () => {
    expect(await readHeaders({})).toEqual(sent);
    // docs/serving.md has these.
    const documented = listDefaults({}).filter(([, value]) => value !== "");
    const lowered = documented.map(([name, value]) => [name.toLowerCase(), value]);
    expect({ ...Object.fromEntries(lowered), "cache-control": "no-cache" }).toEqual(sent);
  });

  it.each(["/none", "/about", "/config.json"])("are those of every answer: %s", async (path) => {
    const headers = await readHeaders({}, path);
    delete headers["location"];
    expect(headers).toEqual(sent);
  });

  it("let in the site and named hosts alone with a strict policy", async () => {
    const contentPolicy = {
      level: "strict",
      hosts: ["https://*.example.com", "wss://live.example.net:8443"],
    } as const;
    const { "content-security-policy": policy } = await readHeaders({
      environment: { contentPolicy },
    });
    expect(policy).toBe(
      [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' https://*.example.com wss://live.example.net:8443",
        "style-src 'self' 'unsafe-inline' https://*.example.com wss://live.example.net:8443",
        "img-src 'self' data: blob: https://*.example.com wss://live.example.net:8443",
        "font-src 'self' data: https://*.example.com wss://live.example.net:8443",
        "connect-src 'self' https://*.example.com wss://live.example.net:8443",
        "media-src 'self' data: blob: https://*.example.com wss://live.example.net:8443",
        "frame-src 'self' https://*.example.com wss://live.example.net:8443",
        "worker-src 'self' blob:",
        "form-action 'self' https://*.example.com wss://live.example.net:8443",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
      ].join("; "),
    );
  });

  it("try a strict policy and enforce the basic one meanwhile", async () => {
    const contentPolicy = { level: "strict", reportOnly: true } as const;
    const headers = await readHeaders({ environment: { contentPolicy } });
    expect(headers).toEqual({
      ...sent,
      "content-security-policy-report-only": expect.stringMatching(
        /^default-src 'self'; /,
      ) as string,
    });
  });

  it("are replaced, added and left out by name", async () => {
    const environment = {
      contentPolicy: { level: "none" },
      hstsMaxAge: 31536000,
      headers: {
        "referrer-policy": "no-referrer",
        "X-Content-Type-Options": "",
        "Permissions-Policy": 'camera=(self "https://a.example.com")',
        "X-Path": "C:\\site",
      },
      isIndexed: false,
    } as const;
    expect(await readHeaders({ environment }, "/none")).toEqual({
      "cache-control": "no-cache",
      "permissions-policy": 'camera=(self "https://a.example.com")',
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000",
      "x-path": "C:\\site",
      "x-robots-tag": "noindex",
    });
  });
});

describe("a site's `_headers`", () => {
  const text = [
    "# Written by a plug-in",
    "/*",
    "  Referrer-Policy: same-origin",
    "  X-Frame-Options: DENY",
    "  Basic-Auth: editor:secret",
    "/about/",
    "  Link: </a.js>; rel=preload; as=script",
    "  Link: </b.js>; rel=preload; as=script",
    "  Referrer-Policy: no-referrer",
    "/fonts/*",
    "  Cache-Control: public, max-age=600",
    "  Access-Control-Allow-Origin: *",
    "  not a header",
    "https://www.example.com/*",
    "  X-Host: a",
    "/price",
    "  X-Price: $5",
  ].join("\n");
  const site = { files: { ...files, "fonts/a.woff2": "font", _headers: text } };

  it("takes the place of the stack's, by path", async () => {
    expect(await readHeaders(site)).toEqual({
      ...sent,
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
    });
    await nginx?.stop();
    expect(await readHeaders(site, "/about/")).toEqual({
      ...sent,
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      link: "</a.js>; rel=preload; as=script, </b.js>; rel=preload; as=script",
    });
    await nginx?.stop();
    expect(await readHeaders(site, "/fonts/a.woff2")).toEqual({
      ...sent,
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
      "access-control-allow-origin": "*",
      "cache-control": "public, max-age=600",
    });
  });

  it("is named in the build's log for what nginx can't follow, without a value", async () => {
    nginx = await Nginx.serve(site);
    expect(nginx.buildLog.trim().split("\n")).toEqual([
      "Warning: _headers, line 5: not followed, because `Basic-Auth` is the web server's.",
      "Warning: _headers, line 13: not followed, because it is not a header.",
      "Warning: _headers, line 14: not followed, because it is for a host.",
      "Warning: _headers, line 17: not followed, because nginx can't send the value of `X-Price`.",
    ]);
  });
});
