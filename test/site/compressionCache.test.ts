import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const script = resolve(__dirname, "../../site/nginx.pages.mjs");
/** Long enough to be compressed, and shorter in brotli than in gzip. */
const text = Array.from({ length: 400 }, (_, index) => `<p>${(index * 7919) % 1009}</p>`).join("");

let folder: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-compressed-"));
  cache = join(folder, "cache");
  mkdirSync(cache);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Builds a site of one page, and reads the page's form in brotli. */
function build(page: string): Buffer {
  const [output, rules] = [join(folder, "public"), join(folder, "rules")];
  for (const each of [output, rules]) {
    rmSync(each, { recursive: true, force: true });
    mkdirSync(each);
  }
  writeFileSync(join(output, "index.html"), page);
  execFileSync(process.execPath, [script, output, rules, "", cache], { cwd: folder });
  return readFileSync(join(output, ".br", "index.html"));
}

describe("the cache of compressed texts", () => {
  it("has the result of a text that is the same in the next build", () => {
    const first = build(text);
    expect(brotliDecompressSync(first).toString()).toBe(text);
    const [file] = readdirSync(cache);
    writeFileSync(join(cache, file), "kept");

    expect(build(text).toString()).toBe("kept");
    expect(brotliDecompressSync(build(`${text}.`)).toString()).toBe(`${text}.`);
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it("loses what no build used for a month", () => {
    build(text);
    const [file] = readdirSync(cache);
    const used = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    utimesSync(join(cache, file), used, used);
    build(`${text}.`);
    const [other, ...none] = readdirSync(cache);
    expect(other).not.toBe(file);
    expect(none).toEqual([]);
  });

  it("keeps what is used again after a month", () => {
    const first = build(text);
    const [file] = readdirSync(cache);
    const used = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    utimesSync(join(cache, file), used, used);
    expect(build(text)).toEqual(first);
    expect(readdirSync(cache)).toEqual([file]);
  });
});
