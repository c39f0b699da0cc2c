import { findNodeVersion, renderNodeImage } from "../../../cli/init/nodeVersion";
import { type Files, json, Shape } from "./support/shape";
import { openRepository } from "../../../cli/init/repository";

let shape: Shape | undefined;

afterEach(() => {
  shape?.remove();
  shape = undefined;
});

function open(files: Files) {
  shape = new Shape(files);
  return openRepository(shape.repository.folder);
}

const npm = { name: "npm", lockFile: "package-lock.json" } as const;

/** A lock file of npm. */
const locked = (packages: Record<string, object>): Files => ({
  "package-lock.json": json({
    lockfileVersion: 3,
    packages: Object.fromEntries(
      Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]),
    ),
  }),
});

describe("findNodeVersion", () => {
  it.each<[string, Files, number, string]>([
    ["nothing", { a: "" }, 24, "the newest with long-term support"],
    [".nvmrc", { ".nvmrc": "v18.17.0\n" }, 18, "`.nvmrc`"],
    ["a codename", { "web/.nvmrc": "lts/iron" }, 20, "`web/.nvmrc`"],
    [
      ".node-version before engines",
      { ".node-version": "22", "package.json": json({ engines: { node: "18" } }) },
      22,
      "`.node-version`",
    ],
    [".tool-versions", { ".tool-versions": "ruby 3\nnodejs 16.20.2\n" }, 16, "`.tool-versions`"],
    [
      "Volta's version before engines",
      { "package.json": json({ volta: { node: "20.1.0" }, engines: { node: ">=18" } }) },
      20,
      "`volta` of `package.json`",
    ],
    [
      "a development engine",
      {
        "package.json": json({
          devEngines: { runtime: [{ name: "bun" }, { name: "node", version: "^22.1.0" }] },
        }),
      },
      22,
      "`devEngines` of `package.json`",
    ],
    [
      "engines with an upper end",
      { "web/package.json": json({ engines: { node: ">=14 <19" } }) },
      18,
      "`engines` of `web/package.json`",
    ],
    [
      "engines without an upper end, of which a native module takes no more",
      {
        "web/package.json": json({ engines: { node: ">=14" } }),
        ...locked({ "better-sqlite3": { version: "8.7.0" } }),
      },
      20,
      "`engines` of `web/package.json`",
    ],
    [
      "node-sass 7 of npm",
      locked({ "node-sass": { version: "7.0.3" } }),
      18,
      "the newest that `node-sass` runs with",
    ],
    [
      "webpack 4, of Gatsby 2",
      locked({ webpack: { version: "4.46.0" }, gatsby: { version: "2.32.13" } }),
      16,
      "the newest that `webpack` runs with",
    ],
    [
      "better-sqlite3 8 of Yarn 1",
      { "package-lock.json": 'better-sqlite3@^8.0.0:\n  version "8.7.0"\n' },
      20,
      "the newest that `better-sqlite3` runs with",
    ],
    [
      "canvas 2 of pnpm",
      { "package-lock.json": "  /canvas@2.11.2:\n" },
      20,
      "the newest that `canvas` runs with",
    ],
    [
      "engines of a package in npm's lock file",
      locked({ a: { engines: { node: ">=18 <23" } }, "@b/c": { engines: { node: "^18 || ^20" } } }),
      20,
      "the newest that `@b/c` takes",
    ],
    [
      "no limit in engines that no version satisfies, or of packages that may be missing",
      locked({
        a: { engines: { node: "0.10" } },
        b: { engines: { node: "^14" }, optional: true },
        c: { engines: ["node >= 0.4"] },
      }),
      24,
      "the newest with long-term support",
    ],
  ])("finds %s", (_, files, major, source) => {
    expect(findNodeVersion(open(files), "web", npm)).toEqual({ major, source });
  });

  it("takes the Dockerfile's before the default, and after what the files name", () => {
    const files = open({ a: "" });
    expect(findNodeVersion(files, ".", npm, 18)).toEqual({ major: 18, source: "the Dockerfile's" });
    shape?.remove();
    expect(findNodeVersion(open({ ".nvmrc": "20" }), ".", npm, 18).major).toBe(20);
  });

  it("knows what the package manager runs with", () => {
    const files = open({ a: "" });
    expect(findNodeVersion(files, ".", { name: "pnpm", version: "7.33.7" })).toEqual({
      major: 18,
      source: "the newest that `pnpm@7.33.7` runs with",
    });
    expect(findNodeVersion(files, ".", { name: "pnpm", version: "10" }).major).toBe(24);
  });

  it("names the image of the newest Debian that has the version", () => {
    expect([24, 18, 14].map(renderNodeImage)).toEqual([
      "docker.io/library/node:24-bookworm-slim",
      "docker.io/library/node:18-bookworm-slim",
      "docker.io/library/node:14-bullseye-slim",
    ]);
  });
});
