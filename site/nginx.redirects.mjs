/*
 * What a site says in Netlify's files, `_redirects` and `_headers`, and the redirects that Gatsby keeps for the
 * browser, as nginx's rules.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export const escapeRegex = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
export const quote = (text) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
export const encode = (text) =>
  text.replace(/[^\x21-\x7e]+/gu, encodeURIComponent).replace(/\$/g, "%24");

/** What nginx can't follow, in sentences for the build's log. */
export const notes = [];
const note = (text) => void notes.push(text);

const readLines = (file) => (existsSync(file) ? readFileSync(file, "utf8").split(/\r?\n/) : []);

/** A path of Netlify's files as a regular expression for an address as it was asked for. */
export function toRegex(path) {
  const parts = encode(path.replace(/(.)\/$/, "$1"))
    .split("/")
    .slice(1);
  return parts
    .map((part, index) => {
      if (part === "*" && index === parts.length - 1) return "(?:/(?<p_splat>[^?]*))?";
      if (/^:\w+$/.test(part)) return `/(?<p_${part.slice(1)}>[^/?]+)`;
      return `/${escapeRegex(part).replaceAll("\\*", "[^?]*")}`;
    })
    .join("");
}

const redirectStatuses = [301, 302, 303, 307, 308];

/** Redirects of Netlify's form, and those that Gatsby keeps for the browser. */
export function readRedirects(output, rules) {
  const found = [];
  readLines(join(output, "_redirects")).forEach((line, index) => {
    const words = line
      .replace(/(^|\s)#.*$/, "")
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length === 0) return;
    const refuse = (why) => note(`_redirects, line ${index + 1}: not followed, because ${why}.`);
    const [from, ...rest] = words;
    const at = rest.findIndex((word) => word.startsWith("/") || /^https?:\/\//.test(word));
    if (!from.startsWith("/")) return refuse("it is for a host");
    if (at < 0) return refuse("it names no target");
    if (at > 0) return refuse("it depends on the query");
    const [to, status = "301", ...conditions] = rest;
    const [, code, force] = /^(\d{3})(!?)$/.exec(status) ?? [];
    if (conditions.length > 0 || code === undefined) return refuse("it depends on who asks");
    found.push({ from, to, status: Number(code), isForced: force === "!", refuse });
  });
  for (const folder of [output, rules]) {
    const file = join(folder, "redirects.json");
    const list = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
    // A file of that name may be the site's own, for its pages.
    if (!Array.isArray(list) || !list.every(({ fromPath, toPath }) => fromPath && toPath)) continue;
    for (const redirect of list) {
      const { conditions, force = false, fromPath: from, ignoreCase = true, toPath: to } = redirect;
      const refuse = (why) => note(`The redirect from ${from} is not followed, because ${why}.`);
      const status = redirect.statusCode ?? (redirect.isPermanent ? 301 : 302);
      if (conditions !== undefined) refuse("it depends on who asks");
      else found.push({ from, to, status, isForced: force, ignoreCase, refuse });
    }
    rmSync(file);
  }
  return found.filter(({ from, refuse }) => {
    const names = [...from.matchAll(/:(\w+)/g)].map(([, name]) => name);
    const isFine = new Set(names).size === names.length && names.every((name) => name.length < 25);
    if (!isFine) refuse("its parameters need short names, each once");
    return isFine;
  });
}

export function renderRedirect({ from, ignoreCase, refuse, status, to }, output, prefix) {
  const parameters = [...from.matchAll(/\/(?:(\*)$|:(\w+)(?=\/|$))/g)].map((m) => m[2] ?? "splat");
  const isLocal = to.startsWith("/");
  const file = [to, `${to.replace(/\/$/, "")}/index.html`]
    .map((path) => path.slice(path.startsWith(`${prefix}/`) ? prefix.length : 0))
    .find((path) => isLocal && !path.endsWith("/") && existsSync(join(output, path)));
  const condition = `if ($request_uri ~${ignoreCase ? "*" : ""} ${quote(`^${toRegex(from)}/?(?:\\?|$)`)})`;
  if (redirectStatuses.includes(status)) {
    const target = encode(to).replace(/:(\w+)/g, (text, name) =>
      parameters.includes(name) ? `\${p_${name}}` : text,
    );
    const query = to.includes("?") ? "" : "$is_args$args";
    return [
      `${condition} {`,
      `  return ${status} "${target.replaceAll('"', "%22")}${query}";`,
      `}`,
    ];
  }
  if (status === 404 || status === 410) {
    const page = file === undefined ? [] : [`  error_page ${status} ${quote(`${prefix}${file}`)};`];
    return [`${condition} {`, ...page, `  return ${status};`, `}`];
  }
  if (status !== 200) return refuse(`nginx has no such answer (${status})`) ?? [];
  if (!isLocal) return refuse("it would fetch the page from another host") ?? [];
  if (file === undefined) return refuse(`${to} is no page of the site`) ?? [];
  return [`${condition} {`, `  rewrite ^ ${quote(`${prefix}${file}`)} break;`, `}`];
}

/** Headers that are not the site's to set, or that would reveal something. */
const refusedHeaders =
  /^(basic-auth|connection|content-encoding|content-length|date|etag|last-modified|location|server|set-cookie|transfer-encoding)$/;

/** Headers of Netlify's form: by name, the values by path. */
export function readHeaders(output) {
  const headers = new Map();
  let path;
  readLines(join(output, "_headers")).forEach((line, index) => {
    const text = line.trim();
    const refuse = (why) => note(`_headers, line ${index + 1}: not followed, because ${why}.`);
    if (text === "" || text.startsWith("#")) return;
    if (/^\S/.test(line) && !/^[\w-]+:\s/.test(line)) {
      path = text.startsWith("/") ? text : undefined;
      if (path === undefined) refuse("it is for a host");
      return;
    }
    const [, name, value] = /^([A-Za-z][\w-]*)\s*:\s*(.*)$/.exec(text) ?? [];
    if (path === undefined) return;
    if (name === undefined) return refuse("it is not a header");
    if (refusedHeaders.test(name.toLowerCase())) return refuse(`\`${name}\` is the web server's`);
    if (/[^\x20-\x7e]|\$/.test(value)) return refuse(`nginx can't send the value of \`${name}\``);
    const key = name.toLowerCase();
    const header = headers.get(key) ?? { name, values: new Map() };
    const former = header.values.get(path);
    header.values.set(path, former === undefined ? value : `${former}, ${value}`);
    headers.set(key, header);
  });
  return [...headers].map(([key, header], index) => ({
    ...header,
    key,
    variable: `$site_header_${index}`,
  }));
}
