import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

import { parse } from "yaml";

import { renderDockerfile } from "../../cli/init/dockerfile";
import { renderNodeImage } from "../../cli/init/nodeVersion";
import { listContextFiles, readIgnoreRules } from "../../components/image/buildContext";
import { findContextSecrets } from "../../components/image/contextSecrets";
import { listAddresses } from "../../website/convert/addresses.mts";
import { readNavigation } from "../../website/convert/navigation.mts";
import { convertPages } from "../../website/convert/site.mts";
import { readPages } from "../docs/support";

const read = (file: string): string => readFileSync(file, "utf8");
const build = { directory: ".", dockerfile: "website/Dockerfile" };
const rules = readIgnoreRules(build);

describe("the repository's documentation", () => {
  const addresses = listAddresses(".");
  const texts = new Map([...addresses.keys()].map((file) => [file, read(file)]));
  const rendering = {
    addresses,
    // A page or a picture that is not in the build is not there either.
    exists: (path: string) =>
      existsSync(path) && !(/^\.(md|png|svg)$/.test(extname(path)) && rules.ignores(path)),
    highlight: (code: string) => code,
    draw: (diagram: string) => diagram,
  };
  const pages = convertPages(texts, rendering);

  it("is on the site, whose links all lead somewhere", () => {
    expect([...addresses.keys()]).toEqual(readPages().map(({ path }) => path));
    expect(pages).toHaveLength(addresses.size);
  });

  it("is in the navigation, each page once", () => {
    const { others, questions } = readNavigation(read("README.md"), pages, rendering);
    const listed = [...questions.flatMap((one) => one.pages), ...others];
    expect(questions.every((one) => one.pages.length > 0)).toBe(true);
    expect(listed.map(({ address }) => address).sort()).toEqual(
      [...addresses.values()].filter((address) => address !== "/").sort(),
    );
  });

  it("is in the image's context, with its pictures and what serves it, and little more", () => {
    const needed = [...addresses.keys(), ...pages.flatMap(({ pictures }) => pictures)];
    expect(needed.filter((file) => rules.ignores(file))).toEqual([]);
    const others = listContextFiles(build).filter((file) => !needed.includes(file));
    expect(others.filter((file) => !/^website\//.test(file))).toEqual(
      ["compression.mjs", "conf", "hashes.mjs", "pages.mjs", "redirects.mjs"].map(
        (name) => `templates/image/nginx.${name}`,
      ),
    );
    expect(findContextSecrets(build)).toEqual([]);
  });

  it("takes no way through the folders that are in no context", () => {
    const folders = [
      ".sandbox",
      "node_modules",
      "website/node_modules",
      "docs/api",
      "examples/lesson/x",
    ];
    expect(folders.filter((folder) => rules.mayLetInBelow(folder))).toEqual([]);
  });
});

describe("website/", () => {
  it("has the Dockerfile that `slipway init` writes, for a context above the site", () => {
    const written = renderDockerfile({
      name: "website",
      manager: { name: "npm", folder: ".", lockFile: "package-lock.json" },
      nodeImage: renderNodeImage(24),
      site: "website",
      script: "build",
      configuration: "../templates/image/nginx.conf",
      pathPrefix: "",
      installInputs: [],
    });
    expect(read("website/Dockerfile")).toBe(
      written
        .replace("with-env npm ci ", "with-env npm --prefix website ci ")
        .replace("node nginx.pages.mjs", "node ../templates/image/nginx.pages.mjs"),
    );
  });

  it("has the packages of the conversion in the versions that the tests run", () => {
    const parsed = ["package.json", join("website", "package.json")].map(
      (file) => JSON.parse(read(file)) as Record<string, Record<string, string>>,
    );
    const [{ devDependencies }, { dependencies }] = parsed;
    for (const name of ["github-slugger", "markdown-it", "minisearch"]) {
      expect([name, dependencies[name]]).toEqual([name, devDependencies[name]]);
    }
  });

  it("has a lock file that names no registry, and that `npm ci` accepts", () => {
    const { dependencies, devDependencies } = JSON.parse(read("website/package.json")) as Record<
      string,
      object
    >;
    const lock = read("website/package-lock.json");
    expect(lock).not.toMatch(/"resolved"/);
    const { packages } = JSON.parse(lock) as { packages: Record<string, object> };
    expect(packages[""]).toMatchObject({ dependencies, devDependencies });
  });

  it("is deployed by a stack with an image repository of its own, in no promotion path", () => {
    const { config } = parse(read("Pulumi.docs.yaml")) as { config: Record<string, unknown> };
    expect(config).toMatchObject({
      "gatsby-site:imageName": "docs",
      "gatsby-site:siteDirectory": build.directory,
      "gatsby-site:dockerfile": build.dockerfile,
    });
    expect(config).not.toHaveProperty("gatsby-site:promoteFrom");
    expect(config).not.toHaveProperty("gatsby-site:namespace");
  });
});
