import * as fs from "node:fs";

import { findServerProblems, findStaticLimits } from "../../../components/image/staticLimits";
import { listContextFiles } from "../../../components/image/buildContext";
import { context, inContextFolder } from "../../support/contextFolder";
import { createImage, inImageProgram } from "../../support/siteImage";

const find = (files: Record<string, string>, site = "."): string[] =>
  findStaticLimits(Object.keys(files), site, (file) => files[file]);

describe("findStaticLimits", () => {
  it.each([
    "export async function getServerData() {}",
    "export const getServerData = async () => ({});",
    "const getServerData = () => ({});\nexport { Page as default, getServerData };",
    'export { getServerData } from "../server";',
    "exports.getServerData = () => ({});",
  ])("finds a page that a server renders: %j", (text) => {
    expect(find({ "src/pages/account.jsx": text })).toEqual([
      "`src/pages/account.jsx` is rendered by a server for each request (`getServerData`).",
    ]);
    expect(find({ "web/views/account.tsx": text }, "web")).toHaveLength(1);
  });

  it.each([
    ["gatsby-node.mjs", "createPage({ path, component, defer: index > 100 });"],
    ["gatsby/createPages.ts", "actions.createPage({ path,\n  defer: true });"],
    [
      "src/pages/{Post.slug}.js",
      "export async function config() { return () => ({ defer: true }); }",
    ],
  ])("finds pages that are deferred in %s", (file, text) => {
    expect(find({ [file]: text })).toEqual([
      `\`${file}\` defers pages to their first request (\`defer\`).`,
    ]);
  });

  it.each(["export default function handler(request, response) {}", "module.exports = handler;"])(
    "finds a function: %s",
    (text) => {
      expect(find({ "src/api/forms/contact.js": text })).toEqual([
        "`src/api/forms/contact.js` is a function, which runs on a server.",
      ]);
    },
  );

  it.each([
    ["src/api/client.js", "export async function fetchPosts() {}"],
    ["src/api/types.d.ts", "export default interface Post {}"],
    ["src/api/__tests__/contact.js", "module.exports = {};"],
    ["src/api/contact.test.js", "module.exports = {};"],
    ["src/pages/account.js", "// export async function getServerData() {}\nexport default Page;"],
    ["src/pages/account.js", "/*\nexport async function getServerData() {}\n*/"],
    ["src/pages/about.md", "export async function getServerData() {}"],
    ["static/vendor.js", "export async function getServerData() {}"],
    ["gatsby-node.js", "createPage({ path, component, defer: false });"],
    ["src/components/map.js", "loadScript({ src, defer: true });"],
    ["other/src/api/contact.js", "module.exports = handler;"],
  ])("takes %s for what a static server can do", (file, text) => {
    expect(find({ [file]: text })).toEqual([]);
  });
});

describe("findServerProblems", () => {
  const { write } = inContextFolder();
  const gatsby = JSON.stringify({ dependencies: { gatsby: "^5.13.0" } });
  const findHere = (dockerfile = context.dockerfile): string[] => {
    const build = { ...context, dockerfile };
    return findServerProblems(build, listContextFiles(build));
  };

  beforeEach(() => {
    write(".dockerignore", "deploy\n");
    write("web/src/api/contact.js", "export default () => {};\n");
  });

  it("looks at the site in the context's folder", () => {
    write("package.json", gatsby);
    expect(findHere()).toEqual([]);
    write("src/api/contact.js", "export default () => {};\n");
    expect(findHere()).toHaveLength(1);
  });

  it("looks at the member of a workspace whose Dockerfile builds", () => {
    write("package.json", '{ "workspaces": ["web"] }');
    write("web/package.json", gatsby);
    expect(findHere("../web/Dockerfile")).toEqual([
      "The site needs a server, but its image only serves files. Remove these parts, or leave them out: `pulumi config set skipServerPages true`.\n      `web/src/api/contact.js` is a function, which runs on a server.",
    ]);
  });

  it("does not look at what is not Gatsby's", () => {
    write("web/package.json", '{ "dependencies": { "next": "15" } }');
    expect(findHere("../web/Dockerfile")).toEqual([]);
    write("web/package.json", "not JSON");
    expect(findHere("../web/Dockerfile")).toEqual([]);
  });
});

describe("SiteImage of a site that needs a server", () => {
  const program = inImageProgram();

  it("is refused before anything is built, or built without those parts if that is said", async () => {
    fs.writeFileSync("site/package.json", '{"dependencies":{"gatsby":"5"}}');
    fs.mkdirSync("site/src/pages", { recursive: true });
    fs.writeFileSync("site/src/pages/account.js", "export async function getServerData() {}\n");
    await expect(createImage(program)).rejects.toThrow(
      [
        "The image can't be built:",
        "  - The site needs a server, but its image only serves files. Remove these parts, or leave them out: `pulumi config set skipServerPages true`.",
        "      `src/pages/account.js` is rendered by a server for each request (`getServerData`).",
      ].join("\n"),
    );
    expect(program.engine.tree()).not.toContain("docker-build:index:Image image < image");
    await expect(createImage(program, { skipServerPages: true }, "other")).resolves.toBeDefined();
  });
});
