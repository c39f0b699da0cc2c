import type { PackageManager } from "./packageManager";

/** How a site's packages are installed and its pages are built: the same in the image and in a job. */
export interface Installation {
  /** Package of the manager and its version, which npm installs; undefined if it comes with Node. */
  readonly managerPackage?: string;
  /** Variables that the install and the build need. */
  readonly environment: Readonly<Record<string, string>>;
  /** Parts of the command, which reads the variable `IGNORE_SCRIPTS`: `true` runs no install script. */
  readonly install: readonly string[];
  readonly build: string;
}

/** Options of each npm command: nothing that is only for a person at a terminal. */
const quiet = "--no-audit --no-fund --no-update-notifier";

/**
 * Describes how a site is installed and built.
 *
 * @param cache folder of the package manager's cache, as the command names it
 * @param script script of package.json that builds the site; Gatsby's own command if there is none
 */
export function describeInstallation(
  manager: PackageManager,
  cache: string,
  script?: string,
): Installation {
  const build =
    script === undefined ? gatsbyCommands[manager.name] : `${manager.name} run ${script}`;
  return { ...describeManager(manager, cache), build };
}

const gatsbyCommands = {
  npm: "npx gatsby build",
  pnpm: "pnpm exec gatsby build",
  yarn: "yarn run gatsby build",
} as const;

function describeManager(manager: PackageManager, cache: string): Omit<Installation, "build"> {
  const { isBerry, lockFile, name, version } = manager;
  const isLocked = lockFile !== undefined;
  switch (name) {
    case "npm":
      return {
        managerPackage: version === undefined ? undefined : `npm@${version}`,
        environment: {},
        install: [`npm ${isLocked ? "ci" : "install"} --ignore-scripts=$IGNORE_SCRIPTS`, quiet],
      };
    case "pnpm":
      return {
        managerPackage: `pnpm@${version}`,
        environment: {},
        install: [
          `pnpm install ${isLocked ? "--frozen-lockfile" : "--no-frozen-lockfile"}`,
          `--ignore-scripts=$IGNORE_SCRIPTS --store-dir ${cache}`,
        ],
      };
    case "yarn":
      return isBerry ? describeBerry(manager, cache) : describeClassic(manager, cache);
  }
}

function describeClassic({ lockFile, version }: PackageManager, cache: string) {
  const frozen = lockFile === undefined ? "" : " --frozen-lockfile";
  return {
    managerPackage: `yarn@${version}`,
    environment: { YARN_IGNORE_SCRIPTS: "$IGNORE_SCRIPTS" },
    install: [`yarn install${frozen} --non-interactive --cache-folder ${cache}`],
  };
}

/**
 * With Plug'n'Play the packages are read from Yarn's cache, so that must be part of the layer: the mirror of
 * it, in Yarn's global folder, is what is kept for the next build.
 */
function describeBerry({ isPlugAndPlay, lockFile, version }: PackageManager, cache: string) {
  const immutable = lockFile === undefined ? "--no-immutable" : "--immutable";
  return {
    managerPackage: `@yarnpkg/cli-dist@${version}`,
    environment: {
      YARN_ENABLE_GLOBAL_CACHE: String(!isPlugAndPlay),
      YARN_GLOBAL_FOLDER: cache,
      YARN_ENABLE_TELEMETRY: "0",
    },
    install: [
      `yarn install ${immutable} $([ "$IGNORE_SCRIPTS" = false ] || echo --mode=skip-build)`,
    ],
  };
}

/** Installs a package manager as the packages are: from the registry that the site's `.npmrc` names. */
export function renderManagerInstall(managerPackage: string, prefix: string): readonly string[] {
  return [`npm install --global --prefix ${prefix} --userconfig ./.npmrc ${managerPackage}`, quiet];
}
