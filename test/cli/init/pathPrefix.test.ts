import { findPathPrefix } from "../../../cli/init/pathPrefix";
import { Shape, site } from "./support/shape";

const gatsby = { trailingSlash: undefined, pathPrefix: { text: "docs/" } };

describe("findPathPrefix", () => {
  it.each([
    ["Gatsby's option", { build: "gatsby build --prefix-paths" }, "/docs"],
    ["Gatsby's variable", { build: "PREFIX_PATHS=true gatsby build" }, "/docs"],
    [
      "a script that `build` runs",
      { build: "npm run clean && npm run gatsby", gatsby: "gatsby build --prefix-paths" },
      "/docs",
    ],
    ["scripts that run each other", { build: "npm run gatsby", gatsby: "npm run build" }, ""],
    ["another script alone", { build: "gatsby build", deploy: "gatsby build --prefix-paths" }, ""],
    ["nothing", {}, ""],
  ])("finds what the pages are asked to have by %s", (_by, scripts, prefix) => {
    expect(findPathPrefix(gatsby, { scripts })).toBe(prefix);
  });

  it("does not know a computed one", () => {
    const computed = { ...gatsby, pathPrefix: "computed" as const };
    expect(
      findPathPrefix(computed, { scripts: { build: "gatsby build --prefix-paths" } }),
    ).toBeUndefined();
    expect(findPathPrefix(computed, { scripts: { build: "gatsby build" } })).toBe("");
  });
});

describe("slipway init with a path prefix", () => {
  let shape: Shape;

  afterEach(() => shape.remove());

  const scripts = { build: "gatsby build --prefix-paths" };
  const lock = { "package-lock.json": "{}" };

  it("puts the pages below it", async () => {
    shape = new Shape({
      ...site(".", { scripts }),
      ...lock,
      "gatsby-config.js": 'module.exports = { pathPrefix: "/docs" };\n',
    });
    await shape.init();
    expect(shape.read("Dockerfile")).toContain("\nARG PATH_PREFIX=/docs\n");
    expect(shape.read("deploy/Pulumi.yaml")).toContain("\n  pathPrefix:\n    value: /docs\n");
    expect(shape.io.printed.filter((line) => line.startsWith("! "))).toEqual([
      "! The site is served below `/docs`, its `pathPrefix` in `gatsby-config.js`.",
    ]);
  });

  it("says that a computed one has to be written", async () => {
    shape = new Shape({
      ...site(".", { scripts }),
      ...lock,
      "gatsby-config.js": "module.exports = { pathPrefix: process.env.PREFIX };\n",
    });
    await shape.init();
    expect(shape.read("Dockerfile")).toContain("\nARG PATH_PREFIX=\n");
    expect(shape.read("deploy/Pulumi.yaml")).not.toContain("\n  pathPrefix:");
    expect(shape.io.printed.filter((line) => line.startsWith("! "))).toEqual([
      "! `pathPrefix` in `gatsby-config.js` is computed. The image has to serve the pages below that path: write it as a text, or set `PATH_PREFIX` in the Dockerfile and the key `pathPrefix`.",
    ]);
  });

  it("leaves the key out for a Dockerfile of one's own, of which it is not known", async () => {
    shape = new Shape({
      ...site(".", { scripts }),
      ...lock,
      "gatsby-config.js": 'module.exports = { pathPrefix: "/docs" };\n',
      Dockerfile: "FROM nginx:alpine\nCOPY public /usr/share/nginx/html/docs\n",
    });
    await shape.init();
    expect(shape.read("deploy/Pulumi.yaml")).not.toContain("\n  pathPrefix:");
  });
});
