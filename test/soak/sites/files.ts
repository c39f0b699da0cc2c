import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { checkout } from "../../e2e/support/checkout";

/** Files of a repository, by path. */
export type Files = Readonly<Record<string, string>>;

/** A package.json, as far as the shapes need it. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** JSON as package managers write it. */
const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The sample's package.json: with its lock file, its packages are installed from BuildKit's cache. */
function readSampleManifest(): Manifest {
  return JSON.parse(readFileSync(join(checkout, "site/package.json"), "utf8")) as Manifest;
}

const sampleLock = (): string => readFileSync(join(checkout, "site/package-lock.json"), "utf8");

/** What every repository of a Gatsby site has. */
const ignored = { ".gitignore": "node_modules/\n.cache/\npublic/\n" };

/** A page with a heading. */
const page = (heading: string): string =>
  `import * as React from "react";\nexport default () => <h1>${heading}</h1>;\n`;

/** The smallest site, in a folder: one page, whose heading is given. */
function site(heading: string, folder = "."): Files {
  return {
    ...ignored,
    [posix.join(folder, "gatsby-config.js")]: "module.exports = {};\n",
    [posix.join(folder, "src/pages/index.js")]: page(heading),
    [posix.join(folder, "src/pages/404.js")]: page("There is no such page"),
  };
}

/** The smallest site with the sample's packages, installed by npm. */
export function npmSite(heading: string, folder = ".", scripts: Files = {}): Files {
  const manifest = readSampleManifest();
  return {
    ...site(heading, folder),
    [posix.join(folder, "package.json")]: json({
      ...manifest,
      scripts: { ...manifest.scripts, ...scripts },
    }),
    [posix.join(folder, "package-lock.json")]: sampleLock(),
  };
}
