import type { GitLab } from "../gitlab";
import { roles } from "../model/members";
import type { Project } from "../model/namespaces";
import type { User } from "../model/users";
import { isOpenTo, levelInProject } from "../access/permissions";

/** Whether the user may see the project's images; without a user, whether everyone may. */
export function mayReadImages(gitlab: GitLab, project: Project, user: User | undefined): boolean {
  if (project.registryAccessLevel === "disabled") return false;
  return (
    (project.registryAccessLevel === "enabled" && isOpenTo(project.visibility, user)) ||
    levelInProject(gitlab, project, user) >= roles.reporter
  );
}

/** Whether the user may push, and delete single tags. */
export function mayWriteImages(gitlab: GitLab, project: Project, user: User | undefined): boolean {
  return reaches(gitlab, project, user, roles.developer);
}

/** Whether the user may delete whole repositories and many tags at once, and protect them. */
export function mayAdministerImages(
  gitlab: GitLab,
  project: Project,
  user: User | undefined,
): boolean {
  return reaches(gitlab, project, user, roles.maintainer);
}

function reaches(gitlab: GitLab, project: Project, user: User | undefined, level: number): boolean {
  return (
    project.registryAccessLevel !== "disabled" && levelInProject(gitlab, project, user) >= level
  );
}
