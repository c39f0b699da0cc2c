import type { GitLab } from "../gitlab";
import { readMaintenanceMode } from "../maintenance";
import type { Job } from "../model/jobs";
import { roles } from "../model/members";
import type { Project } from "../model/namespaces";
import type { User } from "../model/users";
import { mayAdministerImages, mayReadImages, mayWriteImages } from "./abilities";
import type { Identity } from "./identity";
import {
  findDeniedPatterns,
  hasRepositoryRule,
  isRepositoryProtected,
  type ProtectedAction,
} from "./protection";
import { findProjectOf } from "./repositories";

/** One entry of a registry token's `access` claim. */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
  /** Information about the project for the registry. */
  readonly meta?: {
    readonly project_path: string;
    readonly project_id: number;
    readonly root_namespace_id: number | undefined;
    /** Tags that the user may not push or delete, by action. Only GitLab's own registry checks it. */
    readonly tag_deny_access_patterns?: Readonly<Partial<Record<ProtectedAction, string[]>>>;
  };
}

/**
 * Returns the granted part of a requested scope, `type:name:actions`; `undefined` if it is empty. Forbidden actions
 * are dropped silently, and a missing project looks like a forbidden one. A granted push adds the repository to
 * GitLab's list.
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

/** Whether the granted scope includes pushing to a repository that is protected from this identity. */
export function pushesToProtected(
  gitlab: GitLab,
  identity: Identity,
  { name, actions }: Access,
): boolean {
  const project = findProjectOf(gitlab, name);
  if (project === undefined || !actions.some((action) => action === "push" || action === "*")) {
    return false;
  }
  // A deploy token has no role, so it never satisfies a rule.
  return identity.deployToken === undefined
    ? isRepositoryProtected(gitlab, project, name, "push", identity.user)
    : hasRepositoryRule(gitlab, project, name);
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
  if (actions.includes("push")) {
    gitlab.containerRepositories.ensure(project, name.slice(project.path.length + 1));
  }
  const meta = {
    project_path: project.path.toLowerCase(),
    project_id: project.id,
    root_namespace_id: gitlab.namespaces.findLineage(project.groupId).at(-1)?.id,
    ...denyTags(gitlab, identity, project, actions),
  };
  return { type: "repository", name, actions, meta };
}

/**
 * Returns the patterns of protected tags, by action. Only users get them; it is not verified if later versions of
 * GitLab add them for deploy tokens.
 */
function denyTags(
  gitlab: GitLab,
  { user }: Identity,
  project: Project,
  actions: readonly string[],
): Pick<NonNullable<Access["meta"]>, "tag_deny_access_patterns"> {
  if (user === undefined || gitlab.tagProtectionRules.list(project).length === 0) return {};
  const checked = (["push", "delete"] as const).filter(
    (action) => actions.includes(action) || actions.includes("*"),
  );
  const patterns = checked.map((action) => [
    action,
    findDeniedPatterns(gitlab, project, action, user),
  ]);
  return {
    tag_deny_access_patterns: Object.fromEntries(patterns) as Partial<
      Record<ProtectedAction, string[]>
    >,
  };
}

function isAllowed(gitlab: GitLab, identity: Identity, project: Project, action: string): boolean {
  if (project.registryAccessLevel === "disabled") return false;
  if (action !== "pull" && readMaintenanceMode(gitlab.settings) === "read-only") return false;
  if (identity.job !== undefined)
    return isAllowedToJob(gitlab, identity.job, project, action, identity.user);
  switch (action) {
    case "pull":
      return identity.abilities.includes("pull") && mayPull(gitlab, identity, project);
    case "push":
      return (
        identity.abilities.includes("push") &&
        (mayWriteImages(gitlab, project, identity.user) ||
          isDeployTokenOf(gitlab, identity, project))
      );
    case "delete":
    case "*":
      return (
        identity.abilities.includes("administer") &&
        mayAdministerImages(gitlab, project, identity.user)
      );
    default:
      return false;
  }
}

/**
 * Whether the identity may pull. A deploy token of any project counts as signed in, and a project's "members only"
 * setting does not restrict deploy tokens.
 */
function mayPull(gitlab: GitLab, identity: Identity, project: Project): boolean {
  return identity.deployToken === undefined
    ? mayReadImages(gitlab, project, identity.user)
    : project.visibility !== "private" || isDeployTokenOf(gitlab, identity, project);
}

/** Whether a job may do the action. In its own project it can push and delete even if its user may not. */
function isAllowedToJob(
  gitlab: GitLab,
  job: Job,
  project: Project,
  action: string,
  user: User | undefined,
): boolean {
  if (job.projectId === project.id) return ["pull", "push", "delete"].includes(action);
  if (action !== "pull") return false;
  const letsIn = gitlab.jobTokenAllowlist.includes(project, job.projectId);
  if (project.visibility !== "private") return project.registryAccessLevel === "enabled" || letsIn;
  // Administrators need a membership for this.
  return (
    letsIn && user !== undefined && gitlab.members.levelInProject(project, user) >= roles.reporter
  );
}

/** Whether the deploy token belongs to this project, or to a group that contains it. */
function isDeployTokenOf(gitlab: GitLab, identity: Identity, project: Project): boolean {
  const holder = identity.deployToken?.holder;
  if (holder === undefined) return false;
  return holder.kind === "project"
    ? holder.id === project.id
    : gitlab.namespaces.findLineage(project.groupId).some(({ id }) => id === holder.id);
}
