import { host } from "../../e2e/support/gitlab";
import {
  gatsbyManifest,
  json,
  npmSite,
  pinned,
  renderLessonDockerfile,
  site,
  workspace,
} from "./files";
import type { PackageRegistry } from "./packageRegistry";
import type { Shape } from "./repository";

const npmLock = "npm install --package-lock-only --ignore-scripts --no-audit --no-fund";

/** The repositories that a team may have, by what is special about each. */
export const computeShapes = (packages: PackageRegistry) =>
  ({
    root: { project: "web/sites/root", files: npmSite("At the root") },
    // Case 03: page paths as editors write titles and tags.
    folder: {
      project: "web/sites/folder",
      files: { ...npmSite("In a folder", "web"), ...tagPages("web") },
    },
    twoSites: {
      project: "web/sites/two",
      files: { ...npmSite("A blog", "sites/blog"), ...npmSite("A shop", "sites/shop") },
      programs: [
        { folder: "deploy-blog", options: "--site sites/blog" },
        { folder: "deploy-shop", options: "--site sites/shop" },
      ],
    },
    // Case 14: what a person and a job leave at the repository's top, which is the build's context.
    workspace: {
      project: "web/sites/workspace",
      files: {
        ...workspace("A member", "apps/web"),
        ".gitignore": "node_modules/\n.cache/\npublic/\n.slipway/\n.pulumi/\n",
        ".slipway/kubeconfig": "apiVersion: v1\nkind: Config\nclusters: []\n",
        ".pulumi/credentials.json": '{ "accessTokens": {} }\n',
      },
    },
    yarn1: {
      project: "web/sites/yarn1",
      files: {
        ...site("With Yarn 1"),
        "package.json": gatsbyManifest({ resolutions: pinned() }),
      },
      lock: "npx --yes yarn@1.22.22 install --ignore-scripts --ignore-engines --non-interactive && rm -r node_modules",
    },
    yarn4: {
      project: "web/sites/yarn4",
      files: {
        ...site("With Yarn 4"),
        "package.json": gatsbyManifest({
          resolutions: pinned(),
          packageManager: "yarn@4.18.1",
        }),
        ".yarnrc.yml": "nodeLinker: node-modules\n",
        "yarn.lock": "",
      },
      lock: "npx --yes --package @yarnpkg/cli-dist@4.18.1 yarn install --mode=update-lockfile --no-immutable",
    },
    pnpm: {
      project: "web/sites/pnpm",
      files: {
        ...site("With pnpm"),
        "package.json": gatsbyManifest({ pnpm: { overrides: pinned() } }),
        ".npmrc": "shamefully-hoist=true\n",
      },
      lock: "npx --yes pnpm@9 install --lockfile-only",
    },
    ownDockerfile: {
      project: "web/sites/own",
      files: { ...npmSite("With its own Dockerfile"), Dockerfile: ownDockerfile },
    },
    lesson: {
      project: "web/sites/lesson",
      files: {
        ...npmSite("As in the lesson"),
        Dockerfile: renderLessonDockerfile(18),
        "kubernetes/deployment.yaml": lessonManifest,
      },
    },
    subgroup: {
      project: "web/sites/below/Subgroup",
      remote: `git@${host}:web/sites/below/Subgroup.git`,
      files: npmSite("In a subgroup"),
    },
    // Case 08.
    prefix: {
      project: "web/sites/prefix",
      files: {
        ...npmSite("Below a prefix", ".", { build: "gatsby build --prefix-paths" }),
        "gatsby-config.js":
          'module.exports = { pathPrefix: "/docs", siteMetadata: { siteUrl: "https://www.example.com/docs" } };\n',
      },
    },
    tailwind: { project: "web/sites/tailwind", files: tailwind(), lock: npmLock },
    // Case 02: the site's `.npmrc` decides what is installed, and has the name of a token.
    npmrc: {
      project: "web/sites/npmrc",
      files: npmrc(packages),
      lock: `NPM_TOKEN=${packages.token} ${npmLock}`,
      configure: `pulumi config set --stack dev --secret --path buildSecrets.NPM_TOKEN ${packages.token}`,
    },
  }) satisfies Record<string, Shape>;

/** The name of a shape. */
export type ShapeName = keyof ReturnType<typeof computeShapes>;

/** Titles of which pages get their addresses. */
export const tags = [
  "machine learning",
  "what's new",
  'the "other" list',
  "über uns",
  "a & b",
  "🎉",
];

function tagPages(folder: string): Record<string, string> {
  return {
    [`${folder}/src/templates/tag.js`]:
      'import * as React from "react";\nexport default ({ pageContext: { tag } }) => <h1>{tag}</h1>;\n',
    [`${folder}/gatsby-node.mjs`]: `import { resolve } from "node:path";

export async function createPages({ actions }) {
  for (const tag of ${JSON.stringify(tags)}) {
    actions.createPage({ path: \`/tags/\${tag}/\`, component: resolve("src/templates/tag.js"), context: { tag } });
  }
}
`,
  };
}

const ownDockerfile = `FROM docker.io/library/node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# In a network with a CA of its own.
RUN --mount=type=secret,id=ca NODE_EXTRA_CA_CERTS=/run/secrets/ca npm ci
COPY . .
RUN npm run build

FROM docker.io/nginxinc/nginx-unprivileged:1.29-alpine
COPY --from=build /app/public /usr/share/nginx/html
EXPOSE 8080
`;

const lessonManifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: gatsby
spec:
  replicas: 2
  selector:
    matchLabels: { app: gatsby }
  template:
    metadata:
      labels: { app: gatsby }
    spec:
      containers:
        - name: gatsby
          image: __IMAGE__
          ports:
            - containerPort: 80
`;

/** Case 01: what the build needs are devDependencies, and an install script patches a package. */
function tailwind(): Record<string, string> {
  const manifest = JSON.parse(gatsbyManifest()) as { scripts: object; dependencies: object };
  return {
    ...site("Tailwind"),
    "package.json": json({
      ...manifest,
      scripts: { ...manifest.scripts, postinstall: "patch-package" },
      dependencies: { ...manifest.dependencies, "left-pad": "1.3.0" },
      devDependencies: {
        autoprefixer: "^10.4.20",
        "gatsby-plugin-postcss": "^6.16.0",
        "patch-package": "^8.0.0",
        postcss: "^8.4.47",
        tailwindcss: "^3.4.14",
      },
      overrides: pinned(),
    }),
    "gatsby-config.js": 'module.exports = { plugins: ["gatsby-plugin-postcss"] };\n',
    "gatsby-browser.js": 'import "./src/styles/global.css";\n',
    "postcss.config.js": "module.exports = { plugins: { tailwindcss: {}, autoprefixer: {} } };\n",
    "tailwind.config.js":
      'module.exports = { content: ["./src/**/*.js"], theme: {}, plugins: [] };\n',
    "src/styles/global.css": "@tailwind base;\n@tailwind components;\n@tailwind utilities;\n",
    "src/pages/index.js": `import leftPad from "left-pad";
import * as React from "react";

export default () => <h1 className="text-3xl font-bold">{leftPad("Tailwind", 9, "-")}</h1>;
`,
    "patches/left-pad+1.3.0.patch": `diff --git a/node_modules/left-pad/index.js b/node_modules/left-pad/index.js
--- a/node_modules/left-pad/index.js
+++ b/node_modules/left-pad/index.js
@@ -50,3 +50,3 @@ function leftPad (str, len, ch) {
   // pad \`str\`!
-  return pad + str;
+  return "Patched " + pad + str;
 }
`,
  };
}

/** It installs only with `legacy-peer-deps`, and a package of it comes from the company's registry. */
function npmrc({ address }: PackageRegistry): Record<string, string> {
  const manifest = JSON.parse(gatsbyManifest()) as { dependencies: object };
  return {
    ...site("With .npmrc"),
    "package.json": json({
      ...manifest,
      dependencies: {
        "@acme/design": "1.0.0",
        "@material-ui/core": "4.12.4",
        // Without peers npm puts version 6 there, with which Gatsby's own packages can't do.
        ajv: "^8.17.1",
        ...manifest.dependencies,
      },
      overrides: pinned(),
    }),
    ".npmrc": `legacy-peer-deps=true
@acme:registry=http://${address}/
//${address}/:_authToken=\${NPM_TOKEN}
`,
    "src/pages/index.js": `import design from "@acme/design";
import * as React from "react";

export default () => <h1>{design}</h1>;
`,
  };
}
