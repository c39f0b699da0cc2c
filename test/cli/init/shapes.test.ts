import { type Files, json, Shape, site } from "./support/shape";

let shape: Shape | undefined;

afterEach(() => {
  shape?.remove();
  shape = undefined;
});

const open = (files: Files, remote?: string): Shape => (shape = new Shape(files, remote));
const program = [
  "deploy/.gitignore",
  "deploy/Pulumi.dev.yaml",
  "deploy/Pulumi.prod.yaml",
  "deploy/Pulumi.staging.yaml",
  "deploy/Pulumi.yaml",
  "deploy/index.js",
  "deploy/package.json",
];
const npmLock = { "package-lock.json": json({ lockfileVersion: 3 }) };
const npmCi =
  "RUN --mount=type=cache,target=/root/.npm with-env npm ci --ignore-scripts=$IGNORE_SCRIPTS --no-audit --no-fund --no-update-notifier";
const node24 = "ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim";
const build = (command: string, name = "site"): string =>
  `RUN --mount=type=cache,target=/var/cache/gatsby,id=${name}-build,sharing=locked with-env with-webpack-cache ${command}`;
const install = (specifier: string): string[] => [
  "ENV PATH=/opt/manager/bin:$PATH",
  `RUN --mount=type=cache,target=/root/.npm with-env npm install --global --prefix /opt/manager --userconfig ./.npmrc ${specifier} --no-audit --no-fund --no-update-notifier`,
];
const copies = [
  "COPY --from=builder --chmod=644 /release/nginx.conf /etc/nginx/nginx.conf",
  "COPY --from=builder /release/nginx/ /etc/nginx/gatsby/",
  "COPY --from=builder /release/site /srv/site$PATH_PREFIX",
];
const nginx = (folder: string): string[] =>
  [
    "nginx.conf",
    "nginx.pages.mjs",
    "nginx.redirects.mjs",
    "nginx.compression.mjs",
    "nginx.hashes.mjs",
  ].map((file) => `${folder}${file}`);

describe("slipway init in a repository with", () => {
  it("a site at its root, with npm", async () => {
    const { read, readDockerfile } = bind(open({ ...site(), ...npmLock }));
    expect(await shape?.init()).toEqual(
      [".dockerignore", "Dockerfile", ...program, ...nginx("")].sort(),
    );
    expect(read("deploy/Pulumi.yaml")).toBe(`name: site
description: A Gatsby site, from a GitLab Container Registry to Kubernetes
runtime:
  name: nodejs
  options:
    packagemanager: npm
    typescript: false
    nodeargs: --require slipway/compile-cache
# What all stacks have in common. The file of a stack, Pulumi.<stack>.yaml, wins.
config:
  project:
    value: web/site
  # Container registry as images name it. The project's page Deploy > Container registry shows it.
  # registry:
  #   value: gitlab.example.com:5050
  gitlab:baseUrl:
    value: https://gitlab.example.com/api/v4/
  siteDirectory:
    value: ..
`);
    expect(read(".dockerignore")).toBe(`# What is made from the rest, and what no page depends on.
**/.cache
.dockerignore
**/.git
.gitignore
.gitlab-ci.yml
**/node_modules
README.md
**/*.log
**/.DS_Store
public
# Never into an image, not even into a layer of the builder.
deploy
**/.pulumi
**/.slipway
**/.kube
**/.ssh
**/*kubeconfig*
**/*.pem
**/*.key
**/Pulumi*.yaml
**/.env*
`);
    expect(readDockerfile()).toEqual([
      node24,
      "WORKDIR /site",
      npmCi,
      build("npm run build"),
      ...copies,
    ]);
    expect(read("deploy/index.js")).toBe('module.exports = require("slipway/program");\n');
  });

  it("a site in a folder", async () => {
    const { read } = bind(open({ ...site("web"), "web/package-lock.json": "{}" }));
    expect(await shape?.init()).toEqual(
      [...program, "web/.dockerignore", "web/Dockerfile", ...nginx("web/")].sort(),
    );
    expect(read("deploy/Pulumi.yaml")).toContain("  siteDirectory:\n    value: ../web\n");
    expect(read("web/.dockerignore")).not.toContain("deploy");
  });

  it("two sites, of which one is chosen", async () => {
    open({ ...site("blog"), ...site("shop") });
    await expect(shape?.init()).rejects.toThrow(
      [
        "The repository has 2 Gatsby sites: `blog`, `shop`. Each gets a program of its own:",
        "  slipway init --site blog --folder deploy-blog",
        "  slipway init --site shop --folder deploy-shop",
      ].join("\n"),
    );
    const { read } = bind(shape);
    await shape?.init({ site: "shop", folder: "deploy-shop" });
    expect(shape?.io.printed.at(-1)).toMatch(/\n {2}npx slipway up dev$/);
    expect(read("deploy-shop/Pulumi.yaml")).toMatch(/^name: shop\n/);
    expect(read("deploy-shop/Pulumi.yaml")).toContain("  imageName:\n    value: shop\n");
    expect(read("deploy-shop/Pulumi.yaml")).toContain("  siteDirectory:\n    value: ../shop\n");
    // With a second program the command has to be told which one is meant.
    await shape?.init({ site: "blog", folder: "deploy-blog" });
    expect(shape?.io.printed.at(-1)).toMatch(/\n {2}npx slipway --cwd deploy-blog up dev$/);
  });

  it("a workspace whose lock file is at the root", async () => {
    const root = json({ private: true, workspaces: ["apps/*", "packages/*"] });
    const { read, readDockerfile } = bind(
      open({ ...site("apps/web"), ...npmLock, "package.json": root }),
    );
    expect(await shape?.init()).toEqual(
      [".dockerignore", "apps/web/Dockerfile", ...nginx("apps/web/"), ...program].sort(),
    );
    expect(read("deploy/Pulumi.yaml")).toContain(
      "  siteDirectory:\n    value: ..\n  dockerfile:\n    value: ../apps/web/Dockerfile\n",
    );
    expect(read(".dockerignore")).toContain("\napps/web/public\n");
    expect(readDockerfile("apps/web/Dockerfile")).toEqual([
      node24,
      "WORKDIR /site",
      npmCi,
      "WORKDIR /site/apps/web",
      build("npm run build"),
      ...copies,
    ]);
  });

  it("npm in a version of its own", async () => {
    const { readDockerfile } = bind(
      open({ ...site(".", { packageManager: "npm@10.9.2" }), ...npmLock }),
    );
    await shape?.init();
    expect(readDockerfile().slice(2, 5)).toEqual([...install("npm@10.9.2"), npmCi]);
  });

  it("Yarn 1", async () => {
    const { readDockerfile } = bind(open({ ...site(), "yarn.lock": "# yarn lockfile v1\n" }));
    await shape?.init();
    expect(readDockerfile()).toEqual([
      node24,
      "WORKDIR /site",
      ...install("yarn@1.22.22"),
      "ENV YARN_IGNORE_SCRIPTS=$IGNORE_SCRIPTS",
      "RUN --mount=type=cache,target=/var/cache/yarn with-env yarn install --frozen-lockfile --non-interactive --cache-folder /var/cache/yarn",
      build("yarn run build"),
      ...copies,
    ]);
  });

  it("Yarn 4", async () => {
    const { readDockerfile } = bind(
      open({
        ...site(".", { packageManager: "yarn@4.9.4+sha512.abc" }),
        "yarn.lock": "__metadata:\n  version: 8\n",
        ".yarnrc.yml": "nodeLinker: node-modules\n",
      }),
    );
    await shape?.init();
    expect(readDockerfile()).toEqual([
      node24,
      "WORKDIR /site",
      ...install("@yarnpkg/cli-dist@4.9.4"),
      "ENV YARN_ENABLE_GLOBAL_CACHE=true YARN_GLOBAL_FOLDER=/var/cache/yarn YARN_ENABLE_TELEMETRY=0",
      'RUN --mount=type=cache,target=/var/cache/yarn with-env yarn install --immutable $([ "$IGNORE_SCRIPTS" = false ] || echo --mode=skip-build)',
      build("yarn run build"),
      ...copies,
    ]);
  });

  it("pnpm", async () => {
    const { readDockerfile } = bind(
      open({ ...site(), "pnpm-lock.yaml": "lockfileVersion: '6.0'\n" }),
    );
    await shape?.init();
    expect(readDockerfile()).toEqual([
      node24,
      "WORKDIR /site",
      ...install("pnpm@8"),
      "RUN --mount=type=cache,target=/var/cache/pnpm with-env pnpm install --frozen-lockfile --ignore-scripts=$IGNORE_SCRIPTS --store-dir /var/cache/pnpm",
      build("pnpm run build"),
      ...copies,
    ]);
  });

  it("a lock file of Bun", async () => {
    const { read } = bind(open({ ...site(), "bun.lockb": "" }));
    await shape?.init();
    expect(read("deploy/Pulumi.yaml")).toContain(
      "# `bun.lockb` is the lock file of Bun, which the image does not have: npm may install other versions. Run `npm install` and commit its lock file; scripts that call `bun` have to call npm.\n",
    );
  });

  it("a subgroup, a remote by ssh and no lock file", async () => {
    const { read, readDockerfile } = bind(
      open(site(), "ssh://git@gitlab.example.com:2222/web/sub/Site.git"),
    );
    await shape?.init({ registry: "gitlab.example.com:5050" });
    expect(read("deploy/Pulumi.yaml")).toContain(
      [
        "  project:",
        "    value: web/sub/Site",
        "  registry:",
        "    value: gitlab.example.com:5050",
        "  gitlab:baseUrl:",
        "    value: https://gitlab.example.com/api/v4/",
        "  siteDirectory:",
        "    value: ..",
        "  # There is no lock file, so that two builds may install different packages. Run `npm install` and commit the lock file.",
        "",
      ].join("\n"),
    );
    expect(readDockerfile()[2]).toContain(" npm install --ignore-scripts=$IGNORE_SCRIPTS ");
  });

  it("Tailwind, patch-package and its own Node version", async () => {
    const manifest = {
      engines: { node: ">=18 <21" },
      scripts: {
        build: "gatsby clean && gatsby build",
        postinstall: "patch-package && node scripts/icons.js",
      },
    };
    const { read, readDockerfile } = bind(
      open({
        ...site(".", manifest),
        ...npmLock,
        "scripts/icons.js": "",
        "patches/gatsby+5.13.0.patch": "",
      }),
    );
    await shape?.init();
    expect(readDockerfile()[0]).toBe("ARG NODE_IMAGE=docker.io/library/node:20-bookworm-slim");
    expect(read("Dockerfile")).toContain(
      [
        "        -o -path './.yarn/*' -o -path '*/patches/*' \\",
        "        -o -path './scripts' -o -path './scripts/*' \\",
        "      \\) -exec",
      ].join("\n"),
    );
  });
});

/** Methods that can be taken apart from their object. */
function bind(of: Shape | undefined) {
  return {
    read: (file: string) => of?.read(file) ?? "",
    readDockerfile: (file?: string) => of?.readDockerfile(file) ?? [],
  };
}
