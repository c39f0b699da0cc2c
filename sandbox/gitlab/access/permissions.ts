import { basename } from "node:path/posix";

import type { Caller } from "./authentication";
import type { GitLab } from "../gitlab";
import { forbidden, MovedProject, resourceNotFound } from "../errors";
import { roles, type Role } from "../model/members";
import type { Group, Project, Visibility } from "../model/namespaces";
import type { User } from "../model/users";

/** An administrator may do what an owner may, everywhere. */
const administratorLevel = roles.owner;

/** What someone may do in a project, as an access level; 0 for who is no member or nobody. */
export function levelInProject(gitlab: GitLab, project: Project, user: User | undefined): number {
  if (user === undefined) return 0;
  return user.admin ? administratorLevel : gitlab.members.levelInProject(project, user);
}

/** What someone may do in a group, as an access level; 0 for who is no member or nobody. */
export function levelInGroup(gitlab: GitLab, group: Group, user: User | undefined): number {
  if (user === undefined) return 0;
  return user.admin ? administratorLevel : gitlab.members.levelInGroup(group, user);
}

/**
 * The project of that id or path, if the caller may see it: what one may not see does not exist, except to
 * a job, which is told that it is shut out. A path that the project had once is answered with a redirect.
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
    // A public project lets some other jobs read some things, too, and in other words than these says
    // what it doesn't let them do. Which, depends on GitLab's version; here the list alone counts.
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

/** The group of that id or path, if the caller may see it, or one of its projects. */
export function requireGroup(gitlab: GitLab, idOrPath: string, caller: Caller | undefined): Group {
  const group = gitlab.namespaces.findGroup(idOrPath);
  if (group === undefined || !isGroupVisible(gitlab, group, caller?.user)) {
    throw resourceNotFound("Group");
  }
  return group;
}

/** The project of that id or path, if the caller may see it and has at least the role there. */
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
 * The project of that id or path, if the caller may see it and either the project is open to the caller,
 * member or not, or the caller has the role: what GitLab asks of who reads what comes with the code.
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

/** Refuses who has less than the role. */
export function requireRole(level: number, role: Role): void {
  if (level < roles[role]) throw forbidden();
}

/** Whether everybody may see it, or everybody who is signed in. */
export function isOpenTo(visibility: Visibility, user: User | undefined): boolean {
  return visibility === "public" || (visibility === "internal" && user !== undefined);
}

/** Whether the user, or nobody, may know of the project. */
export function isProjectVisible(
  gitlab: GitLab,
  project: Project,
  user: User | undefined,
): boolean {
  return isOpenTo(project.visibility, user) || levelInProject(gitlab, project, user) > 0;
}

/** Whether the user, or nobody, may know of the group. */
export function isGroupVisible(gitlab: GitLab, group: Group, user: User | undefined): boolean {
  return (
    isOpenTo(group.visibility, user) ||
    levelInGroup(gitlab, group, user) > 0 ||
    gitlab.namespaces
      .findProjectsBelow(group)
      .some((project) => levelInProject(gitlab, project, user) > 0)
  );
}
