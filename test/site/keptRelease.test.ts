import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { keepReleases } from "../../components/site/keptRelease";
import { Nginx } from "../support/nginx";
import { buildOutput, usualPages } from "./support/gatsbyOutput";

const [hash, md5] = ["0123456789abcdef0123", "4df7e9aa0382c5adad529e66d2c9bb26"];
const environment = { keepsRelease: true, headers: { "X-Robots-Tag": "noindex" } };

const compiled = [
  `app-${hash}.js`,
  `app-${hash}.js.gz`,
  `component---src-pages-about-tsx-${hash}.js.map`,
  `commons-${hash}.js.LICENSE.txt`,
  `styles.${hash}.css`,
  `static/inter-latin-400-${md5}.woff2`,
  `static/${md5}/0a2f1/picture one.webp`,
];
const others = [
  "index.html",
  "about/index.html",
  "page-data/app-data.json",
  "sw.js",
  "favicon.svg",
  "static/logo.svg",
  `.hidden/app-${hash}.js`,
];

describe("nginx with the files of the release before", () => {
  let nginx: Nginx | undefined;
  afterEach(() => nginx?.stop());

  const serve = async (kept: Record<string, string>, pathPrefix = "") => {
    const files = buildOutput(usualPages, pathPrefix);
    return (nginx = await Nginx.serve({ files, kept, pathPrefix, environment }));
  };

  it("serves one if the release that runs has none of that name", async () => {
    const names = [...compiled, ...others, `app-${hash}.js`];
    const server = await serve(Object.fromEntries(names.map((name) => [name, "former"])));
    const { headers } = await server.get(`/styles.${hash}.css`);

    expect(await server.look(`/styles.${hash}.css`)).toBe("200 former");
    expect(await server.look(`/static/${md5}/0a2f1/picture%20one.webp`)).toBe("200 former");
    expect(await server.look(`/app-${hash}.js`)).toBe("200 app();");
    expect(headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex",
    });
    for (const name of ["sw.js", "static/logo.svg", `.hidden/app-${hash}.js`]) {
      expect(`${name} ${(await server.get(`/${name}`)).status}`).toBe(`${name} 404`);
    }
  });

  it("answers as ever where neither has the file", async () => {
    const server = await serve({});
    const { body, headers, status } = await server.get(`/later-${hash}.js`);
    expect([status, headers["cache-control"]]).toEqual([404, "no-cache"]);
    expect(body).toContain("/404.html");
  });

  it("serves them below the path prefix", async () => {
    const server = await serve({ [`docs/later-${hash}.js`]: "former" }, "/docs");
    expect(await server.look(`/docs/later-${hash}.js`)).toBe("200 former");
  });
});

describe("the container that copies them", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-kept-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs its script on a release with these files; returns what it said and all that is kept. */
  async function copy(files: Readonly<Record<string, string | Buffer>>) {
    rmSync(join(folder, "site"), { recursive: true, force: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, "site", name)), { recursive: true });
      writeFileSync(join(folder, "site", name), content);
    }
    mkdirSync(join(folder, "kept"), { recursive: true });
    const [container] = await new Promise<{ command: string[] }[]>((resolve) =>
      keepReleases(["image"], {}).initContainers.apply((list) => resolve(list as never)),
    );
    const [shell, ...args] = container.command.map((text) =>
      text.replaceAll("/srv/", `${folder}/`),
    );
    const said = execFileSync(shell, args, { encoding: "utf8" });
    const kept = readdirSync(join(folder, "kept"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(`${folder}/kept/`.length));
    return { said, kept: kept.sort() };
  }

  const contents = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, name]));

  it("takes what has its content's hash in its name, and nothing else", async () => {
    const prefixed = [`docs/app-${hash}.js`, `docs/static/${md5}/a.png`];
    const result = await copy(contents([...compiled, ...others, ...prefixed]));
    expect(result).toEqual({ said: "", kept: [...compiled, ...prefixed].sort() });
  });

  it("leaves pictures that are too large, and keeps the scripts", async () => {
    const large = { [`static/${md5}/a.png`]: Buffer.alloc(17 * 1024 * 1024) };
    expect(await copy({ ...contents([`app-${hash}.js`]), ...large })).toEqual({
      said: "The files of this release are not kept: at most 4000 files and 16 MiB of all releases before are.\n",
      kept: [`app-${hash}.js`],
    });
  });

  it("leaves files that are too many", async () => {
    const names = Array.from({ length: 4001 }, (_, index) => `${index}-${hash}.js`);
    const { kept, said } = await copy(contents(names));
    expect(kept).toEqual([]);
    expect(said).toMatch(/^The scripts of this release are not kept/);
  });

  it("adds what an older release has beyond a newer one, if there is room for it", async () => {
    const script = (digit: string) => `app-${digit.repeat(20)}.js`;
    const picture = (digit: string) => `static/${digit.repeat(32)}/a.png`;
    const half = Buffer.alloc(9 * 1024 * 1024);
    await copy({ [script("a")]: "newer", [picture("a")]: half });
    const result = await copy({
      ...{ [script("a")]: "newer", [script("b")]: "older" },
      ...{ [picture("a")]: half, [picture("b")]: half },
    });
    expect(result).toEqual({
      said: "The files of this release are not kept: at most 4000 files and 16 MiB of all releases before are.\n",
      kept: [script("a"), script("b"), picture("a")],
    });
    expect((await copy({ [picture("c")]: Buffer.alloc(1024) })).kept).toContain(picture("c"));
  });

  it("does not fail for an image with other folders", async () => {
    expect(await copy({})).toEqual({ said: "", kept: [] });
  });
});
