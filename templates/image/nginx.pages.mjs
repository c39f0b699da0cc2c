/*
 * Writes nginx's rules for the pages of a Gatsby site, from what the build left: addresses, client-only routes,
 * redirects, headers, caching. The Dockerfile runs it: node nginx.pages.mjs <output> <rules> [path prefix] [cache]
 */
import { Buffer } from "node:buffer";
import * as fs from "node:fs";
import { join } from "node:path";
import process from "node:process";

import {
  compress,
  isHidden,
  renderBrotliMaps,
  renderBrotliServer,
  tryFiles,
  withBrotli,
} from "./nginx.compression.mjs";
import { hashFile, hashPages } from "./nginx.hashes.mjs";
import {
  encode,
  escapeRegex,
  notes,
  quote,
  readHeaders,
  readRedirects,
  renderRedirect,
  toRegex,
} from "./nginx.redirects.mjs";

const [output = "public", rules = "/nginx", prefix = "", cache] = process.argv.slice(2);

/** Configuration of other hosts, which no page needs. */
const foreign = [
  ...["_redirects", "_headers", "_routes.json", "_worker.js", "netlify.toml", "vercel.json"],
  ...["now.json", "firebase.json", ".htaccess", "web.config", "staticwebapp.config.json"],
];

function listFiles(folder, below = "") {
  return fs
    .readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? listFiles(folder, path) : entry.isFile() ? [path] : [];
    });
}

/** The pages, by what Gatsby wrote for the browser. */
function readPages(files) {
  return files
    .filter((file) => /^page-data\/(.*\/)?page-data\.json$/.test(file))
    .map((file) => JSON.parse(fs.readFileSync(join(output, file), "utf8")))
    .filter((page) => typeof page.path === "string");
}

/** Whether addresses end in a slash: `always`, `never`, or `ignore` if both are right. */
function findSlashes(pages) {
  const config = ["js", "mjs", "cjs", "ts"]
    .map((end) => `gatsby-config.${end}`)
    .find(fs.existsSync);
  const text = config === undefined ? "" : fs.readFileSync(config, "utf8");
  if (/\btrailingSlash["']?\s*:\s*["'`]ignore["'`]/.test(text)) return "ignore";
  const paths = pages
    .filter(({ matchPath, path }) => !matchPath && path !== "/" && !path.endsWith(".html"))
    .map(({ path }) => path);
  const without = paths.filter((path) => !path.endsWith("/")).length;
  if (without === 0) return "always";
  return without === paths.length ? "never" : "ignore";
}

/** Client-only routes, the most specific first: text before a parameter, a parameter before `*`. */
function findRoutes(pages) {
  const rank = (segment) => (segment.startsWith("*") ? "2" : segment.startsWith(":") ? "1" : "0");
  const order = ({ matchPath }) => matchPath.split("/").map(rank).join("");
  return pages
    .filter(({ matchPath }) => matchPath)
    .map((page) => ({ ...page, key: order(page) }))
    .sort((a, b) =>
      a.key < b.key ? -1 : a.key > b.key ? 1 : b.matchPath.length - a.matchPath.length,
    )
    .map(({ matchPath, path }) => {
      const segments = matchPath.split("/").filter((segment) => segment !== "");
      const pattern = segments
        .map((segment) => {
          if (segment.startsWith("*")) return "(/.*)?";
          return segment.startsWith(":") ? "/[^/]+" : `/${escapeRegex(segment)}`;
        })
        .join("");
      const page = `${prefix}${path.replace(/\/$/, "")}/index.html`;
      return { pattern: `^${escapeRegex(prefix)}${pattern}/?$`, page };
    });
}

function renderMap(source, variable, entries) {
  const lines = entries.map(([key, value]) => `  ${quote(key)} ${quote(value)};`);
  return [`map ${source} ${variable} {`, `  default "";`, ...lines, `}`];
}

function renderHeaderMap({ values, variable }) {
  const exact = [...values].filter(([path]) => !/[*:]/.test(path));
  const patterns = [...values].filter(([path]) => /[*:]/.test(path)).reverse();
  return renderMap("$request_path", variable, [
    ...unique(exact.map(([path, value]) => [encode(path), value])),
    ...patterns.map(([path, value]) => [`~^${toRegex(path)}/?$`, value]),
  ]);
}

/** nginx compares without regard to case, and refuses a second key: what differs by case alone has no entry. */
function unique(entries) {
  const counts = new Map();
  const fold = (key) => key.replace(/[A-Z]+/g, (text) => text.toLowerCase());
  for (const [key] of entries) counts.set(fold(key), (counts.get(fold(key)) ?? 0) + 1);
  return entries.filter(([key]) => counts.get(fold(key)) === 1);
}

const immutable = [
  // Gatsby's compiled files, what is imported in code, and what its image and file plug-ins wrote.
  "/[^/]+-[0-9a-f]{20}\\.js(\\.map|\\.LICENSE\\.txt)?",
  "/styles\\.[0-9a-f]{20}\\.css",
  "/static/[^/]+-[0-9a-f]{32}\\.\\w+",
  "/static/[0-9a-f]{32}/.+",
].map((pattern) => `^${escapeRegex(prefix)}${pattern}$`);

/** By address: the hash of each file that is asked for again. */
function hashFiles(files) {
  const kept = immutable.map((pattern) => new RegExp(pattern));
  return files.flatMap((file) => {
    const address = `${prefix}/${file}`;
    const isKept = kept.some((pattern) => pattern.test(address));
    // Whether a hidden file has a guessed content is not to be found out.
    if (isKept || isHidden(address) || file.endsWith(".gz")) return [];
    const hash = hashFile(join(output, file));
    const folder = /^(.*)\/index\.html$/.exec(address)?.[1];
    const addresses =
      folder === undefined ? [address] : [address, `${folder}/`, ...(folder ? [folder] : [])];
    return addresses.map((key) => [key, hash]);
  });
}

function renderHttp(files, routes, headers) {
  const hashes = hashFiles(files);
  const byFile = new Map(hashes);
  const routeHashes = routes.map(({ page, pattern }) => [`~${pattern}`, byFile.get(page) ?? ""]);
  const own = headers.find(({ key }) => key === "cache-control");
  const caching = own === undefined ? "$cache_control" : "$own_cache_control";
  const keys = [
    ...hashes.map(([key]) => key),
    ...headers.flatMap(({ values }) => [...values.keys()]),
  ];
  const longest = keys.reduce((most, key) => Math.max(most, Buffer.byteLength(encode(key))), 64);
  return [
    `map_hash_max_size ${2 * hashes.length + 20000};`,
    `map_hash_bucket_size ${2 ** Math.ceil(Math.log2(2 * longest + 64))};`,
    `# The address as it was asked for, without the query.`,
    `map $request_uri $request_path { "~^(?<asked_path>[^?]*)" $asked_path; }`,
    ...renderMap(
      "$uri",
      "$route_page",
      routes.map(({ page, pattern }) => [`~${pattern}`, page]),
    ),
    `# A reproducible image gives all files one time: a page is the same if its content is.`,
    ...renderEtag("content", unique(hashes)),
    ...renderEtag("route", routeHashes),
    `# A file whose name holds its content's hash never changes; everything else is asked for again.`,
    `map $uri ${caching} {`,
    `  default "no-cache";`,
    ...immutable.map(
      (pattern) =>
        `  ${quote(`~${withBrotli(pattern, prefix)}`)} "public, max-age=31536000, immutable";`,
    ),
    `}`,
    ...renderBrotliMaps(prefix),
    ...headers.flatMap(renderHeaderMap),
    ...(own
      ? [`map ${own.variable} $cache_control { "" ${caching}; default ${own.variable}; }`]
      : []),
  ];
}

/** Its ETag for each address, and whether that is the one that the browser has. */
function renderEtag(kind, hashes) {
  const hash = `$${kind}_hash`;
  return [
    ...renderMap("$uri", hash, hashes),
    `map ${hash} $${kind}_etag { "" ""; default 'W/"${hash}"'; }`,
    `map "${hash} $http_if_none_match" $is_${kind}_unchanged { default ""; ${quote('~^(\\S+) .*"\\1"')} 1; }`,
  ];
}

/** Headers whose value the environment sets too: the site's own takes its place. */
const shared = [
  "content-security-policy",
  "referrer-policy",
  "strict-transport-security",
  "x-content-type-options",
];

function renderServer(pages, redirects, headers) {
  const slashes = findSlashes(pages);
  const fallback = `@fallback`;
  const indent = (lines) => lines.map((line) => `  ${line}`);
  const root = `${prefix}/`;
  return [
    ...(fs.existsSync(join(output, "404.html"))
      ? [`error_page 403 404 =404 ${prefix}/404.html;`]
      : [`error_page 403 =404 @none;`, `location @none { return 404; }`]),
    ...headers.flatMap(({ key, name, variable }) => {
      if (key === "cache-control") return [];
      const setting = `set $header_${key.replaceAll("-", "_")} ${variable};`;
      return shared.includes(key)
        ? [`if (${variable}) { ${setting} }`]
        : [`add_header ${name} ${variable} always;`];
    }),
    ...redirects
      .filter(({ isForced, status }) => isForced && status !== 200)
      .flatMap((redirect) => renderRedirect(redirect, output, prefix)),
    ...renderBrotliServer(prefix),
    `set $etag $content_etag;`,
    `if ($is_content_unchanged) { return 304; }`,
    ...(prefix === ""
      ? []
      : [`location = / { return 302 ${root}; }`, `location = ${prefix} { return 301 ${root}; }`]),
    ...(prefix === "" ? [] : [`rewrite ^${escapeRegex(prefix)}(/config\\.json)$ $1 last;`]),
    `location = ${root} { ${tryFiles(`${root}index.html`)} ${fallback}; }`,
    ...renderSlashes(slashes, fallback),
    `location ${fallback} {`,
    ...indent(
      redirects
        .filter(({ isForced, status }) => !isForced || status === 200)
        .flatMap((redirect) => renderRedirect(redirect, output, prefix)),
    ),
    `  set $etag $route_etag;`,
    `  if ($is_route_unchanged) { return 304; }`,
    `  ${tryFiles("$route_page")} =404;`,
    `}`,
  ];
}

/** Gatsby makes a folder of each page; the address of a page ends in a slash or not, as the site has it. */
function renderSlashes(slashes, fallback) {
  const isPage = (path) => `if (-f $document_root${path}index.html)`;
  const redirects = {
    always: [isPage("$uri/"), "{ rewrite ^(.*)$ $1/ permanent; }"],
    never: [isPage("${uri}"), "{ rewrite ^(.*)/$ $1 permanent; }"],
  };
  const redirect = (kind) => (slashes === kind ? `${redirects[kind].join(" ")} ` : "");
  const files = slashes === "always" ? ["$uri"] : ["$uri", "$uri/index.html"];
  return [
    `location ~ /$ { ${redirect("never")}${tryFiles("${uri}index.html")} ${fallback}; }`,
    `location / { ${redirect("always")}${tryFiles(...files)} ${fallback}; }`,
  ];
}

/** Stops the build if the pages ask for their scripts at another path than the one that serves them. */
function checkPrefix(files) {
  const page = files.find((file) => file.endsWith("index.html"));
  const text = page === undefined ? "" : fs.readFileSync(join(output, page), "utf8");
  const [, asked = prefix] = /"([^"]*)\/(?:app|webpack-runtime)-[0-9a-f]{20}\.js"/.exec(text) ?? [];
  if (asked === prefix || /^(https?:)?\/\//.test(asked)) return;
  process.stderr.write(
    `The pages ask for their scripts below "${asked}/", and the image serves them below "${prefix}/". Write in the Dockerfile: ARG PATH_PREFIX=${asked}\n`,
  );
  process.exit(1);
}

const built = listFiles(output);
checkPrefix(built);
const pages = readPages(built);
const redirects = readRedirects(output, rules);
const headers = readHeaders(output);
for (const name of foreign) fs.rmSync(join(output, name), { force: true, recursive: true });
const files = listFiles(output);
compress(files, output, prefix, cache);
fs.mkdirSync(rules, { recursive: true });
const write = (name, lines) => fs.writeFileSync(join(rules, name), `${lines.join("\n")}\n`);
write("http.conf", renderHttp(files, findRoutes(pages), headers));
write("server.conf", renderServer(pages, redirects, headers));
write("pages.json", [JSON.stringify(hashPages(files, output))]);
for (const text of notes) process.stdout.write(`Warning: ${text}\n`);
