import type { GitLab } from "../gitlab";
import type { ContainerRepository } from "../model/containerRepositories";
import type { Project } from "../model/namespaces";

/** A repository's project, and its path in the registry. */
export interface Location {
  readonly project: Project;
  /** In lower case, like every name in a registry. */
  readonly path: string;
}

/** Returns the project and path of the repository. */
export function locate(gitlab: GitLab, repository: ContainerRepository): Location {
  const project = gitlab.namespaces.findProject(String(repository.projectId));
  if (project === undefined) {
    throw new Error(`Container repository ${repository.id} belongs to no project.`);
  }
  const path = repository.name === "" ? project.path : `${project.path}/${repository.name}`;
  return { project, path: path.toLowerCase() };
}

const repositoryName = /^[a-z0-9]+(?:(?:[._/]|__|-*)[a-z0-9])*$/;

/** GitLab's limit for the number of parts in a repository's name. */
const maximumParts = 20;

/** Levels of repositories in a project: its root, and two below. */
const repositoryLevels = 3;

/** Returns the project whose root repository has this path, or is at most two levels above it. */
export function findProjectOf(gitlab: GitLab, path: string): Project | undefined {
  const parts = path.split("/");
  if (!repositoryName.test(path) || parts.length >= maximumParts) return undefined;
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
