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
export const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

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
export function site(heading: string, folder = "."): Files {
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

/** A workspace of npm, whose lock file is at the root: that of the sample, for a site in a folder. */
export function workspace(heading: string, folder: string): Files {
  const { overrides, ...member } = readSampleManifest();
  const root = { name: "web", private: true, workspaces: [folder], overrides };
  const lock = JSON.parse(sampleLock()) as { packages: Record<string, object> };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== "");
  return {
    ...site(heading, folder),
    "package.json": json(root),
    "package-lock.json": json({
      ...lock,
      name: root.name,
      packages: {
        "": { name: root.name, workspaces: root.workspaces },
        ...Object.fromEntries(packages),
        [`node_modules/${member.name}`]: { resolved: folder, link: true },
        [folder]: { name: member.name, version: member.version, ...pickDependencies(member) },
      },
    }),
    [posix.join(folder, "package.json")]: json(member),
  };
}

function pickDependencies({ dependencies, devDependencies }: Manifest): object {
  return { dependencies, devDependencies };
}

/** package.json of a site with Gatsby and nothing else, and the fields that its package manager needs. */
export function gatsbyManifest(fields: object = {}): string {
  const { dependencies, scripts } = readSampleManifest();
  const { gatsby, react } = dependencies;
  return json({
    name: "site",
    version: "1.0.0",
    private: true,
    scripts: { build: scripts.build },
    dependencies: { gatsby, react, "react-dom": dependencies["react-dom"] },
    ...fields,
  });
}

/** Versions that this project's machines have binaries of: as npm's `overrides`, for other managers too. */
export const pinned = (): object => readSampleManifest().overrides ?? {};

/** Renders the Dockerfile of the lesson, as many sites have it. */
export const renderLessonDockerfile = (node: number): string => `FROM node:${node} AS builder
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM nginx:alpine
COPY --from=builder /app/public /usr/share/nginx/html
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]
`;
