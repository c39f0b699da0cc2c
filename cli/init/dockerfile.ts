import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { readSlipwayPackage } from "./slipwayPackage";
import type { PackageManager } from "./packageManager";

/** Folder of the files that `slipway init` writes beside a site. */
export const templates = join(readSlipwayPackage().folder, "templates/image");

/** What makes the Dockerfile of one site differ from another's. */
export interface DockerfileOptions {
  /** Names the cache of the site's build. Lower-case letters, digits and `-`. */
  readonly name: string;
  /** Image that the site is built with. */
  readonly nodeImage: string;
  readonly manager: PackageManager;
  /** Folder of the site below the build's context, `.` if they are the same. */
  readonly site: string;
  /** Name of nginx's configuration in the site's folder. */
  readonly configuration: string;
  /** Script of package.json that builds the site; Gatsby's own command if there is none. */
  readonly script?: string;
  /** Further files and folders, below the context, that installing needs: what the install scripts run. */
  readonly installInputs: readonly string[];
}

/** Folder of the context inside of the builder. */
const contextFolder = "/site";

const secrets = "--mount=type=secret,id=ca --mount=type=secret,id=env";

/** Renders the Dockerfile of a site from `templates/image/Dockerfile`. */
export function renderDockerfile(options: DockerfileOptions): string {
  const folder = posix.join(contextFolder, options.site);
  const values: Readonly<Record<string, string>> = {
    name: options.name,
    "node-image": options.nodeImage,
    "more-manifests": options.installInputs.map(renderInput).join(""),
    install: renderInstall(options.manager),
    build: renderBuild(options),
    workdir: options.site === "." ? "" : `WORKDIR ${folder}\n`,
    site: folder,
    "nginx-conf": options.configuration,
  };
  return readFileSync(join(templates, "Dockerfile"), "utf8").replace(
    /<([a-z-]+)>/g,
    (placeholder, name: string) => values[name] ?? placeholder,
  );
}

function renderInput(input: string): string {
  return ` \\\n        -o -path './${input}' -o -path './${input}/*'`;
}

function renderBuild({ manager, script }: DockerfileOptions): string {
  if (script !== undefined) return `${manager.name} run ${script}`;
  return { npm: "npx gatsby build", pnpm: "pnpm exec gatsby build", yarn: "yarn run gatsby build" }[
    manager.name
  ];
}

function renderInstall(manager: PackageManager): string {
  switch (manager.name) {
    case "npm":
      return renderStep("/root/.npm", [
        `npm ${manager.lockFile === undefined ? "install" : "ci"} --ignore-scripts=$IGNORE_SCRIPTS`,
        "--no-audit --no-fund --no-update-notifier",
      ]);
    case "pnpm":
      return [
        renderManager(`pnpm@${manager.version}`),
        renderStep("/var/cache/pnpm", [
          `pnpm install ${manager.lockFile === undefined ? "--no-frozen-lockfile" : "--frozen-lockfile"}`,
          "--ignore-scripts=$IGNORE_SCRIPTS --store-dir /var/cache/pnpm",
        ]),
      ].join("\n");
    case "yarn":
      return manager.isBerry ? renderBerry(manager) : renderClassic(manager);
  }
}

function renderClassic({ lockFile, version }: PackageManager): string {
  const frozen = lockFile === undefined ? "" : " --frozen-lockfile";
  return [
    renderManager(`yarn@${version}`),
    "ENV YARN_IGNORE_SCRIPTS=$IGNORE_SCRIPTS",
    renderStep("/var/cache/yarn", [
      `yarn install${frozen} --non-interactive --cache-folder /var/cache/yarn`,
    ]),
  ].join("\n");
}

/**
 * With Plug'n'Play the packages are read from Yarn's cache, so that must be part of the layer: the mirror of
 * it, in Yarn's global folder, is what is kept for the next build.
 */
function renderBerry({ isPlugAndPlay, lockFile, version }: PackageManager): string {
  const immutable = lockFile === undefined ? "--no-immutable" : "--immutable";
  return [
    renderManager(`@yarnpkg/cli-dist@${version}`),
    `ENV YARN_ENABLE_GLOBAL_CACHE=${!isPlugAndPlay} YARN_GLOBAL_FOLDER=/var/cache/yarn YARN_ENABLE_TELEMETRY=0`,
    renderStep("/var/cache/yarn", [
      `yarn install ${immutable} $([ "$IGNORE_SCRIPTS" = false ] || echo --mode=skip-build)`,
    ]),
  ].join("\n");
}

/** Installs a package manager as the packages are: from the registry that the site's `.npmrc` names. */
function renderManager(specifier: string): string {
  return [
    "ENV PATH=/opt/manager/bin:$PATH",
    renderStep("/root/.npm", [
      `npm install --global --prefix /opt/manager --userconfig ./.npmrc ${specifier}`,
      "--no-audit --no-fund --no-update-notifier",
    ]),
  ].join("\n");
}

function renderStep(cache: string, command: readonly string[]): string {
  return [
    `RUN --mount=type=cache,target=${cache}`,
    `    ${secrets}`,
    `    with-env ${command.join(" \\\n      ")}`,
  ].join(" \\\n");
}
