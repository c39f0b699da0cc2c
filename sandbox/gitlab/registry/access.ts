import type { GitLab } from "../gitlab";
import { roles } from "../model/members";
import type { Project } from "../model/namespaces";
import { isOpenTo, levelInProject } from "../permissions";
import type { Identity } from "./credentials";

/** One entry of a registry token's `access` claim. */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
  /** What GitLab tells the registry about the project. */
  readonly meta?: {
    readonly project_path: string;
    readonly project_id: number;
    readonly root_namespace_id: number | undefined;
  };
}

const repositoryName = /^[a-z0-9]+(?:(?:[._/]|__|-*)[a-z0-9])*$/;

/** GitLab's limit on how deep a repository's name can be. */
const maximumParts = 20;

/** How many levels of repositories a project can have: its root, and two below. */
const repositoryLevels = 3;

/**
 * What of a requested scope, `type:name:actions`, is granted; undefined for nothing. Actions that aren't
 * allowed fall away without a word, and a project that doesn't exist is like one that isn't allowed.
 */
export function grant(gitlab: GitLab, identity: Identity, scope: string): Access | undefined {
  const [type = "", name = "", ...rest] = scope.split(":");
  const requested = rest.join(":").split(",");
  switch (type) {
    case "registry":
      return grantCatalog(identity, name, requested);
    case "repository":
      return grantRepository(gitlab, identity, name.toLowerCase(), requested);
    default:
      return undefined;
  }
}

function grantCatalog(
  identity: Identity,
  name: string,
  requested: readonly string[],
): Access | undefined {
  const isCatalog = name === "catalog" && requested.join() === "*";
  return isCatalog && identity.user?.admin ? { type: "registry", name, actions: ["*"] } : undefined;
}

function grantRepository(
  gitlab: GitLab,
  identity: Identity,
  name: string,
  requested: readonly string[],
): Access | undefined {
  const project = findProjectOf(gitlab, name);
  if (project === undefined) return undefined;

  const actions = requested.filter((action) => isAllowed(gitlab, identity, project, action));
  if (actions.length === 0) return undefined;
  const meta = {
    project_path: project.path.toLowerCase(),
    project_id: project.id,
    root_namespace_id: gitlab.namespaces.findLineage(project.groupId).at(-1)?.id,
  };
  return { type: "repository", name, actions, meta };
}

/** The project whose root repository has this name, or is at most two levels above it. */
function findProjectOf(gitlab: GitLab, name: string): Project | undefined {
  const parts = name.split("/");
  if (!repositoryName.test(name) || parts.length >= maximumParts) return undefined;
  for (
    let length = parts.length;
    length > 1 && length > parts.length - repositoryLevels;
    length--
  ) {
    const project = gitlab.namespaces.findProject(parts.slice(0, length).join("/"));
    if (project !== undefined) return project;
  }
  return undefined;
}

function isAllowed(gitlab: GitLab, identity: Identity, project: Project, action: string): boolean {
  if (project.registryAccessLevel === "disabled") return false;
  switch (action) {
    case "pull":
      return identity.abilities.includes("pull") && mayPull(gitlab, identity, project);
    case "push":
      return identity.abilities.includes("push") && mayWrite(gitlab, identity, project);
    case "delete":
    case "*":
      return identity.abilities.includes("administer") && mayAdminister(gitlab, identity, project);
    default:
      return false;
  }
}

function mayPull(gitlab: GitLab, identity: Identity, project: Project): boolean {
  return (
    (project.registryAccessLevel === "enabled" && isOpenTo(project.visibility, identity.user)) ||
    levelInProject(gitlab, project, identity.user) >= roles.reporter ||
    isDeployTokenOf(gitlab, identity, project)
  );
}

function mayWrite(gitlab: GitLab, identity: Identity, project: Project): boolean {
  return (
    levelInProject(gitlab, project, identity.user) >= roles.developer ||
    isDeployTokenOf(gitlab, identity, project)
  );
}

function mayAdminister(gitlab: GitLab, identity: Identity, project: Project): boolean {
  return levelInProject(gitlab, project, identity.user) >= roles.maintainer;
}

/** A project's token opens that project, a group's every project below the group. */
function isDeployTokenOf(gitlab: GitLab, identity: Identity, project: Project): boolean {
  const holder = identity.deployToken?.holder;
  if (holder === undefined) return false;
  return holder.kind === "project"
    ? holder.id === project.id
    : gitlab.namespaces.findLineage(project.groupId).some(({ id }) => id === holder.id);
}
