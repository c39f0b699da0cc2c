import { findGatsbySites } from "../../../cli/init/gatsbySites";
import { readGatsbyConfig } from "../../../cli/init/gatsbyConfig";
import { parseRemote } from "../../../cli/init/gitRemote";
import { findInstallInputs } from "../../../cli/init/installInputs";
import { findPackageManager } from "../../../cli/init/packageManager";
import { findRegistryInFiles } from "../../../cli/init/registry";
import { openRepository, type Repository } from "../../../cli/init/repository";
import { GitRepository } from "../../support/gitRepository";
import { type Files, json } from "./support/shape";

let repository: GitRepository | undefined;

afterEach(() => {
  repository?.remove();
  repository = undefined;
});

function open(files: Files): Repository {
  repository = new GitRepository();
  for (const [file, content] of Object.entries(files)) repository.write(file, content);
  return openRepository(repository.folder);
}

describe("parseRemote", () => {
  it.each([
    ["git@gitlab.example.com:web/site.git", "https://gitlab.example.com", "web/site"],
    ["gitlab.example.com:web/sub/site", "https://gitlab.example.com", "web/sub/site"],
    ["ssh://git@gitlab.example.com:2222/web/site.git", "https://gitlab.example.com", "web/site"],
    ["https://gitlab.example.com/web/site.git", "https://gitlab.example.com", "web/site"],
    [
      "https://x:glpat-1@gitlab.example.com:8443/web/site/",
      "https://gitlab.example.com:8443",
      "web/site",
    ],
    ["http://gitlab.local/web/site", "http://gitlab.local", "web/site"],
  ])("reads %s", (remote, url, path) => {
    expect(parseRemote(remote)).toEqual({ url, path });
  });

  it.each([
    "/srv/git/site.git",
    "../site",
    "git@github.com:web/site.git",
    "https://gitlab.example.com/site",
    "C:\\site",
  ])("finds no GitLab project in %s", (remote) => {
    expect(parseRemote(remote)).toBeUndefined();
  });
});

describe("findGatsbySites", () => {
  it("tells sites from themes, and from what git ignores", () => {
    const gatsby = json({ dependencies: { gatsby: "5" } });
    const files = open({
      "package.json": json({ devDependencies: { gatsby: "5" } }),
      "gatsby-config.ts": "",
      "theme/package.json": json({ peerDependencies: { gatsby: "5" } }),
      "theme/gatsby-config.js": "",
      "docs/package.json": gatsby,
      "docs/src/pages/index.mdx": "",
      "tool/package.json": gatsby,
      ".gitignore": "old/\n",
      "old/package.json": gatsby,
      "old/gatsby-config.js": "",
    });
    expect(findGatsbySites(files)).toEqual(["docs", "."]);
  });
});

describe("readGatsbyConfig", () => {
  it.each([
    [
      "module.exports = { pathPrefix: `/docs`, trailingSlash: 'never' }",
      { text: "/docs" },
      { text: "never" },
    ],
    ['const config: GatsbyConfig = {\n  "pathPrefix": "/a", // x\n};', { text: "/a" }, undefined],
    ["export default { pathPrefix: process.env.PREFIX }", "computed", undefined],
    [
      "const pathPrefix = '/x'; module.exports = { pathPrefix, plugins: [] }",
      "computed",
      undefined,
    ],
    [
      "// pathPrefix: '/old'\n/* trailingSlash: 'x' */ module.exports = { a: 'http://x' }",
      undefined,
      undefined,
    ],
    ["module.exports = { pathPrefix: `/${name}` }", "computed", undefined],
  ])("reads %s", (source, pathPrefix, trailingSlash) => {
    const files = open({ "gatsby-config.mjs": source });
    expect(readGatsbyConfig(files, ".")).toEqual({
      file: "gatsby-config.mjs",
      pathPrefix,
      trailingSlash,
    });
  });
});

describe("findPackageManager", () => {
  const declared = (packageManager: string): Files => ({
    "package.json": json({ packageManager }),
  });

  it.each<[string, Files, object]>([
    ["npm without lock file", {}, { name: "npm", lockFile: undefined }],
    [
      "npm-shrinkwrap.json",
      { "npm-shrinkwrap.json": "{}" },
      { name: "npm", lockFile: "npm-shrinkwrap.json" },
    ],
    [
      "a declared one without lock file",
      declared("pnpm@9.1.0"),
      { name: "pnpm", version: "9.1.0" },
    ],
    [
      "two lock files",
      { ...declared("yarn@1.22.19"), "yarn.lock": "", "package-lock.json": "{}" },
      { name: "yarn", version: "1.22.19", lockFile: "yarn.lock" },
    ],
    [
      "Yarn 3 in the repository",
      {
        "yarn.lock": "__metadata:\n  version: 6\n",
        ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-3.6.1.cjs\n",
      },
      { version: "3.6.1", isBerry: true, isPlugAndPlay: true },
    ],
    [
      "Yarn 3 by its lock file",
      { "yarn.lock": "__metadata:\n  version: 6\n" },
      { version: "3", isBerry: true },
    ],
    ["Yarn 2 by its lock file", { "yarn.lock": "__metadata:\n  version: 4\n" }, { version: "2" }],
    ["pnpm 7", { "pnpm-lock.yaml": "lockfileVersion: 5.4\n" }, { name: "pnpm", version: "7" }],
    ["pnpm 9", { "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" }, { version: "9" }],
    [
      "pnpm 10",
      {
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        "pnpm-workspace.yaml": "onlyBuiltDependencies: [sharp]\n",
      },
      { version: "10" },
    ],
  ])("finds %s", (_, files, expected) => {
    expect(findPackageManager(open(files), ".")).toMatchObject(expected);
  });

  it.each<[string, Files, string]>([
    ["npm's list", { "package.json": json({ workspaces: ["sites/**"] }) }, "."],
    ["Yarn's object", { "package.json": json({ workspaces: { packages: ["./sites/*/"] } }) }, "."],
    ["pnpm's file", { "pnpm-workspace.yaml": "packages:\n  - sites/*\n" }, "."],
    [
      "pnpm's file, which leaves it out",
      { "pnpm-workspace.yaml": "packages:\n  - sites/*\n  - '!sites/a'\n" },
      "sites/a",
    ],
    ["a folder that is no workspace", { "package.json": "{}" }, "sites/a"],
  ])("installs a member of a workspace where %s says", (_, files, folder) => {
    expect(findPackageManager(open(files), "sites/a").folder).toBe(folder);
  });
});

describe("findInstallInputs", () => {
  it("finds what install scripts and packages of the repository read", () => {
    const files = open({
      "package.json": json({ scripts: { prepare: "husky install && node ./tools/setup/a.js" } }),
      "web/package.json": json({
        scripts: { postinstall: "sh fix.sh", build: "node build.js" },
        dependencies: { a: "file:vendor/a-1.0.0.tgz", b: "file:../missing.tgz", c: "^1.0.0" },
      }),
      "tools/setup/a.js": "",
      "web/fix.sh": "",
      "web/build.js": "",
      "web/vendor/a-1.0.0.tgz": "",
    });
    expect(findInstallInputs(files, ".", "web")).toEqual(["tools", "web/fix.sh", "web/vendor"]);
  });
});

describe("findRegistryInFiles", () => {
  const project = { url: "https://gitlab.example.com", path: "Web/Site" };
  it.each([
    ["image: gitlab.example.com:5050/web/site:1\n", "gitlab.example.com:5050"],
    ["image: registry.example.com/web/site/cache\n", "registry.example.com"],
    ["url: https://gitlab.example.com/web/site\n", undefined],
    ["clone: git@gitlab.example.com/web/site.git\n", undefined],
    ["image: gitlab.example.com:5050/web/sites\n", undefined],
    ["a: a.example.com/web/site\nb: b.example.com/web/site\n", undefined],
  ])("reads %j", (text, expected) => {
    expect(findRegistryInFiles(open({ "ci.yml": text }), project)).toBe(expected);
  });
});
