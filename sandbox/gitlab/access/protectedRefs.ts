import type { GitLab } from "../gitlab";
import { roles } from "../model/members";
import { defaultBranch, type Project } from "../model/namespaces";
import type { User } from "../model/users";
import { levelInProject } from "./permissions";

/** A branch or a tag. */
export interface Ref {
  readonly ref: string;
  readonly tag: boolean;
}

/**
 * Whether the user may change the branch or tag, and therefore run pipelines on it. Developers may, except on the
 * default branch, which GitLab by default protects for maintainers.
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
