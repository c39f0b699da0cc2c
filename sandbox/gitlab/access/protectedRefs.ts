import type { GitLab } from "../gitlab";
import { roles } from "../model/members";
import { defaultBranch, type Project } from "../model/namespaces";
import type { User } from "../model/users";
import { levelInProject } from "./permissions";

/** A branch, or a tag. */
export interface Ref {
  readonly ref: string;
  readonly tag: boolean;
}

/**
 * Whether the user may change what the reference names, and therefore run pipelines on it: developers may,
 * except on the branch that every project begins with. GitLab protects that one, for maintainers, by default.
 */
export function mayWriteRef(
  gitlab: GitLab,
  project: Project,
  user: User | undefined,
  ref: Ref,
): boolean {
  const needed = isProtected(ref) ? roles.maintainer : roles.developer;
  return levelInProject(gitlab, project, user) >= needed;
}

function isProtected({ ref, tag }: Ref): boolean {
  return !tag && ref === defaultBranch;
}
