import { posix } from "node:path";

import { UserError } from "../errors";
import { findDockerfile, type OwnDockerfile, placeDockerfile } from "./ownDockerfile";
import { findGatsbySites } from "./gatsbySites";
import { type GatsbyConfig, readGatsbyConfig } from "./gatsbyConfig";
import { findGitLabProject, type GitLabProject } from "./gitRemote";
import { findManifest, type Manifest } from "./manifest";
import { findPathPrefix } from "./pathPrefix";
import { findNodeVersion, type NodeVersion } from "./nodeVersion";
import { findPackageManager, type PackageManager } from "./packageManager";
import { readPackageJson, type Repository } from "./repository";

/** What was found out about a repository and the site in it. Paths are relative to the repository's top. */
export interface Facts {
  readonly gitlab?: GitLabProject;
  /** Folder of the site. */
  readonly site: string;
  /** All folders with a site. */
  readonly sites: readonly string[];
  /** Name for what belongs to the site: lower-case letters, digits and `-`. */
  readonly name: string;
  readonly manager: PackageManager;
  readonly node: NodeVersion;
  readonly gatsby: GatsbyConfig;
  /** Path below which the pages are served, such as `/docs`; empty for the root, undefined if it is computed. */
  readonly pathPrefix?: string;
  /** Script of package.json that builds the site. */
  readonly script?: string;
  /** Dockerfile that is there already. */
  readonly dockerfile?: OwnDockerfile;
  /** Where Slipway's Dockerfile is written if there is none. */
  readonly dockerfilePlace: string;
  /** Folder that is the build's context. */
  readonly context: string;
  readonly manifest?: Manifest;
}

/**
 * Finds out about a site.
 *
 * @param wanted folder of the site, where the repository has several
 * @param isReplaced whether a Dockerfile that is there is not used
 * @throws UserError if there is no site, or several and none of them is wanted
 */
export function findFacts(repository: Repository, wanted?: string, isReplaced = false): Facts {
  const sites = findGatsbySites(repository);
  const site = chooseSite(sites, wanted);
  const gitlab = findGitLabProject(repository);
  const manager = findPackageManager(repository, site);
  const present = findDockerfile(repository, site);
  const dockerfile = isReplaced && !present?.isOurs ? undefined : present;
  const isOwn = dockerfile !== undefined && !dockerfile.isOurs;
  const gatsby = readGatsbyConfig(repository, site);
  const packageJson = readPackageJson(repository, site) ?? {};
  return {
    gitlab,
    site,
    sites,
    name: computeName(repository, site, sites, gitlab),
    manager,
    node: findNodeVersion(repository, site, manager, present?.nodeMajor),
    gatsby,
    pathPrefix: findPathPrefix(gatsby, packageJson),
    script: "build" in (packageJson.scripts ?? {}) ? "build" : undefined,
    dockerfile,
    dockerfilePlace: placeDockerfile(repository, site),
    context: isOwn ? posix.dirname(dockerfile.file) : manager.folder,
    manifest: findManifest(repository, gitlab?.path),
  };
}

function chooseSite(sites: readonly string[], wanted: string | undefined): string {
  const site = wanted === undefined ? undefined : posix.normalize(wanted).replace(/\/$/, "");
  const listed = sites.map((folder) => `\`${folder}\``).join(", ");
  if (sites.length === 0) {
    throw new UserError(
      "The repository has no Gatsby site: no package.json that depends on `gatsby` with a `gatsby-config` or `src/pages` beside it.",
    );
  }
  if (site !== undefined && !sites.includes(site)) {
    throw new UserError(`\`--site ${wanted}\` has no Gatsby site. The repository has ${listed}.`);
  }
  if (site === undefined && sites.length > 1) {
    const commands = sites.map(
      (folder) => `  slipway init --site ${folder} --folder deploy-${posix.basename(folder)}`,
    );
    throw new UserError(
      [
        `The repository has ${sites.length} Gatsby sites: ${listed}. Each gets a program of its own:`,
        ...commands,
      ].join("\n"),
    );
  }
  return site ?? sites[0];
}

/** The name of the only site is the repository's; of several each is named after its folder. */
function computeName(
  repository: Repository,
  site: string,
  sites: readonly string[],
  gitlab: GitLabProject | undefined,
): string {
  const candidates = [
    sites.length > 1 && site !== "." ? posix.basename(site) : undefined,
    gitlab === undefined ? undefined : posix.basename(gitlab.path),
    readPackageJson(repository, site)?.name,
  ];
  return candidates.map((text) => slugify(text ?? "")).find(Boolean) ?? "gatsby-site";
}

/** Longest name, so that a namespace and a Deployment can be named after it and the stack. */
const longestName = 40;

function slugify(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longestName)
    .replace(/^[-0-9]+|-+$/g, "");
}
