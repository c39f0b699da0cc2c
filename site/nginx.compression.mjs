/*
 * The compressed forms of a site's texts, which nginx sends as they are: gzip beside each file, brotli in a folder of
 * its own. Stock nginx has no module for brotli, so what it does for gzip is done by its rules.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { escapeRegex, quote } from "./nginx.redirects.mjs";

/** nginx publishes no hidden files. */
export const isHidden = (address) => /\/\.(?!well-known\/)/.test(address);

/** Below it, each text has its own name, by which nginx knows its type. */
const findFolder = (prefix) => `${prefix}/.br`;

/** Bytes of text for which brotli's best quality takes about half a minute. Beyond, pages get a faster one. */
const bestQualityLimit = 32 * 1024 * 1024;

/** How long results that no build used stay in the cache. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Writes the compressed forms. What gains little, or is short, has none.
 *
 * @param cache folder that keeps brotli's results between builds: an edit changes a few of a site's texts. Default: none
 */
export function compress(files, output, prefix, cache) {
  const texts = files
    .filter((file) => /\.(css|html?|js|json|mjs|svg|txt|webmanifest|xml)$/.test(file))
    .filter((file) => !isHidden(`/${file}`))
    .map((file) => ({ file, size: fs.statSync(join(output, file)).size }))
    .filter(({ size }) => size >= 1024);
  const isLarge = texts.reduce((sum, { size }) => sum + size, 0) > bestQualityLimit;
  for (const { file, size } of texts) {
    const content = fs.readFileSync(join(output, file));
    const zipped = gzipSync(content, { level: 9 });
    if (zipped.length >= size * 0.95) continue;
    fs.writeFileSync(join(output, `${file}.gz`), zipped);
    // Scripts and styles are few, and what a browser waits for.
    const isFast = isLarge && !/\.(css|js|mjs)$/.test(file);
    const quality = isFast ? 9 : constants.BROTLI_MAX_QUALITY;
    const compressed = keep(cache, content, quality, () => compressBrotli(content, quality));
    if (compressed.length >= zipped.length) continue;
    const copy = join(output, findFolder(""), prefix, file);
    fs.mkdirSync(dirname(copy), { recursive: true });
    fs.writeFileSync(copy, compressed);
  }
  if (cache) removeUnused(cache);
}

/** Takes a result from the cache, or computes and adds it. */
function keep(cache, content, quality, compute) {
  if (!cache) return compute();
  const hash = createHash("sha256").update(content).digest("hex");
  // Another Node may have another version of brotli.
  const file = join(cache, `${hash}-${quality}-${process.versions.brotli}`);
  if (fs.existsSync(file)) {
    fs.utimesSync(file, new Date(), new Date());
    return fs.readFileSync(file);
  }
  const result = compute();
  // Another build may read it at any time.
  const unfinished = `${file}.${process.pid}-${Date.now()}`;
  fs.writeFileSync(unfinished, result);
  fs.renameSync(unfinished, file);
  return result;
}

function removeUnused(cache) {
  for (const name of fs.readdirSync(cache)) {
    const file = join(cache, name);
    const used = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - used > keptMs) fs.rmSync(file, { force: true });
  }
}

function compressBrotli(content, quality) {
  const bits = Math.ceil(Math.log2(content.length + 16));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    // For each file Brotli takes memory of this size: for ten thousand small ones that takes minutes.
    [constants.BROTLI_PARAM_LGWIN]: Math.min(bits, constants.BROTLI_DEFAULT_WINDOW),
  };
  return brotliCompressSync(content, { params });
}

/** A pattern of an address that also finds its form in brotli. */
export const withBrotli = (pattern, prefix) =>
  pattern.replace("^", `^(${escapeRegex(findFolder(prefix))})?`);

/**
 * The folder that an answer is taken from, and what the answer says of it. An answer that nginx writes by itself, such
 * as an error without a page, is never brotli; nor is a part of a file.
 */
export function renderBrotliMaps(prefix) {
  const folder = findFolder(prefix);
  const weight = String.raw`[ \t]*(;[ \t]*q=(1(\.0*)?|0\.0*[1-9]\d*)[ \t]*)?`;
  const accepted = `(.*,)?[ \\t]*br${weight}(,.*)?`;
  const place = escapeRegex(folder);
  return [
    `# Volatile, because the page of an error is looked for when the status is known.`,
    `map "$http_range|$status|$http_accept_encoding" $accepted_brotli {`,
    `  volatile;`,
    `  default "";`,
    `  ${quote(`~*^\\|(000|404|410)\\|${accepted}$`)} ${quote(folder)};`,
    `}`,
    `map "$brotli $uri $status" $sent_encoding {`,
    `  default "";`,
    `  ${quote(`~^${place} ${place}/.* (200|404|410)$`)} "br";`,
    `}`,
    `map $sent_encoding $sent_vary { default ""; br "Accept-Encoding"; }`,
  ];
}

/** The lines of the server block. The folder has no addresses of its own. */
export function renderBrotliServer(prefix) {
  return [
    `set $brotli $accepted_brotli;`,
    `add_header Content-Encoding $sent_encoding always;`,
    `add_header Vary $sent_vary always;`,
    `location ^~ ${findFolder(prefix)}/ { set $brotli ""; return 404; }`,
  ];
}

/**
 * Looks for files, each in brotli first. It stays in the location, so that what holds there holds for both forms; nginx
 * must not compress brotli again.
 */
export function tryFiles(...files) {
  return `gzip off; try_files ${files.flatMap((file) => [`$brotli${file}`, file]).join(" ")}`;
}
