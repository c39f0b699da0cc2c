import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { describeInstallation, type Installation, renderManagerInstall } from "./installation";
import { readSlipwayPackage } from "./slipwayPackage";
import type { PackageManager } from "./packageManager";

/** Folder of the files that `slipway init` writes beside a site. */
const templates = join(readSlipwayPackage().folder, "templates/image");

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
  /** Path below which the pages are served, such as `/docs`; empty for the root. */
  readonly pathPrefix: string;
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
  const { manager, script } = options;
  const folder = posix.join(contextFolder, options.site);
  const installation = describeInstallation(manager, cacheFolders[manager.name], script);
  const values: Readonly<Record<string, string>> = {
    name: options.name,
    "node-image": options.nodeImage,
    "more-manifests": options.installInputs.map(renderInput).join(""),
    install: renderInstall(manager, installation),
    build: installation.build,
    workdir: options.site === "." ? "" : `WORKDIR ${folder}\n`,
    "nginx-conf": options.configuration,
    "path-prefix": options.pathPrefix,
  };
  return readTemplate("Dockerfile").replace(
    /<([a-z-]+)>/g,
    (placeholder, name: string) => values[name] ?? placeholder,
  );
}

/** Reads a file that `slipway init` writes beside a site. */
export function readTemplate(name: string): string {
  return readFileSync(join(templates, name), "utf8");
}

function renderInput(input: string): string {
  return ` \\\n        -o -path './${input}' -o -path './${input}/*'`;
}

/** Folder of the packages' cache, which a mount of the Dockerfile keeps. */
const cacheFolders = {
  npm: "/root/.npm",
  pnpm: "/var/cache/pnpm",
  yarn: "/var/cache/yarn",
} as const;

function renderInstall(manager: PackageManager, installation: Installation): string {
  const { environment, install, managerPackage } = installation;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [
    ...(managerPackage === undefined ? [] : renderManager(managerPackage)),
    ...(variables.length === 0 ? [] : [`ENV ${variables.join(" ")}`]),
    renderStep(cacheFolders[manager.name], install),
  ].join("\n");
}

function renderManager(managerPackage: string): string[] {
  return [
    "ENV PATH=/opt/manager/bin:$PATH",
    renderStep(cacheFolders.npm, renderManagerInstall(managerPackage, "/opt/manager")),
  ];
}

function renderStep(cache: string, command: readonly string[]): string {
  return [
    `RUN --mount=type=cache,target=${cache}`,
    `    ${secrets}`,
    `    with-env ${command.join(" \\\n      ")}`,
  ].join(" \\\n");
}
