import { basename } from "node:path/posix";

import type { Caller } from "./authentication";
import type { GitLab } from "../gitlab";
import { forbidden, MovedProject, resourceNotFound } from "../errors";
import { roles, type Role } from "../model/members";
import type { Group, Project, Visibility } from "../model/namespaces";
import type { User } from "../model/users";

/** An administrator has an owner's rights everywhere. */
const administratorLevel = roles.owner;

/** Returns a user's access level in a project: 0 without a user or a membership. */
export function levelInProject(gitlab: GitLab, project: Project, user: User | undefined): number {
  if (user === undefined) return 0;
  return user.admin ? administratorLevel : gitlab.members.levelInProject(project, user);
}

/** Returns a user's access level in a group: 0 without a user or a membership. */
export function levelInGroup(gitlab: GitLab, group: Group, user: User | undefined): number {
  if (user === undefined) return 0;
  return user.admin ? administratorLevel : gitlab.members.levelInGroup(group, user);
}

/**
 * Returns the project with that id or path if the caller may see it. An invisible project looks as if it did not
 * exist, except to a job, which gets the reason. An earlier path of the project is answered with a redirect.
 */
export function requireProject(
  gitlab: GitLab,
  idOrPath: string,
  caller: Caller | undefined,
): Project {
  const found = gitlab.namespaces.findProject(idOrPath);
  const project = found ?? gitlab.namespaces.findMovedProject(idOrPath);
  if (project === undefined) throw resourceNotFound("Project");
  const visible = isProjectVisible(gitlab, project, caller?.user);
  if (caller?.job !== undefined) {
    // A public project lets other jobs read some things, and has other messages for the rest. The details depend on
    // GitLab's version; here only the allowlist counts.
    if (!visible || !gitlab.jobTokenAllowlist.includes(project, caller.job.projectId)) {
      throw forbidden(describeShutOut(gitlab, caller.job.projectId, project));
    }
  } else if (!visible) throw resourceNotFound("Project");
  if (found === undefined) throw new MovedProject(project);
  return project;
}

function describeShutOut(gitlab: GitLab, jobProjectId: number, { path }: Project): string {
  const source = gitlab.namespaces.findProject(String(jobProjectId));
  return (
    "Authentication by CI/CD job token not allowed " +
    `from ${basename(source?.path ?? "")} to ${basename(path)}.`
  );
}

/** Returns the group with that id or path if the caller may see it or one of its projects. */
export function requireGroup(gitlab: GitLab, idOrPath: string, caller: Caller | undefined): Group {
  const group = gitlab.namespaces.findGroup(idOrPath);
  if (group === undefined || !isGroupVisible(gitlab, group, caller?.user)) {
    throw resourceNotFound("Group");
  }
  return group;
}

/** Returns the project with that id or path if the caller may see it and has at least the role there. */
export function requireProjectRole(
  gitlab: GitLab,
  idOrPath: string,
  caller: Caller | undefined,
  role: Role,
): Project {
  const project = requireProject(gitlab, idOrPath, caller);
  requireRole(levelInProject(gitlab, project, caller?.user), role);
  return project;
}

/**
 * Returns the project with that id or path if the caller may see it, and either the project is open to the caller or
 * the caller has the role. GitLab applies this rule to everything that is as visible as the code.
 */
export function requireOpenProject(
  gitlab: GitLab,
  idOrPath: string,
  caller: Caller | undefined,
  role: Role,
): Project {
  const project = requireProject(gitlab, idOrPath, caller);
  if (!isOpenTo(project.visibility, caller?.user)) {
    requireRole(levelInProject(gitlab, project, caller?.user), role);
  }
  return project;
}

/** Throws if the access level is below the role's. */
export function requireRole(level: number, role: Role): void {
  if (level < roles[role]) throw forbidden();
}

/** Whether everyone, or every signed-in user, may see it. */
export function isOpenTo(visibility: Visibility, user: User | undefined): boolean {
  return visibility === "public" || (visibility === "internal" && user !== undefined);
}

/** Whether the user may see the project; without a user, whether everyone may. */
export function isProjectVisible(
  gitlab: GitLab,
  project: Project,
  user: User | undefined,
): boolean {
  return isOpenTo(project.visibility, user) || levelInProject(gitlab, project, user) > 0;
}

/** Whether the user may see the group; without a user, whether everyone may. */
export function isGroupVisible(gitlab: GitLab, group: Group, user: User | undefined): boolean {
  return (
    isOpenTo(group.visibility, user) ||
    levelInGroup(gitlab, group, user) > 0 ||
    gitlab.namespaces
      .findProjectsBelow(group)
      .some((project) => levelInProject(gitlab, project, user) > 0)
  );
}
