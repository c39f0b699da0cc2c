import type { GitLab } from "../gitlab";
import type { Project } from "../model/namespaces";
import {
  protectionLevels,
  type ProtectionLevel,
  type ProtectionRule,
} from "../model/protectionRules";
import type { User } from "../model/users";
import { levelInProject } from "../access/permissions";
import { compileExpression } from "../regex";

/** Actions that a rule can forbid. */
export type ProtectedAction = "push" | "delete";

/** Whether a rule forbids the user to push to the repository with that path, or to delete it. */
export function isRepositoryProtected(
  gitlab: GitLab,
  project: Project,
  path: string,
  action: ProtectedAction,
  user: User | undefined,
): boolean {
  if (user?.admin) return false;
  const level = levelInProject(gitlab, project, user);
  return findRulesOf(gitlab, project, path).some((rule) => exceeds(rule, action, level));
}

/** Whether any rule matches the repository with that path. Each such rule forbids deploy tokens to push. */
export function hasRepositoryRule(gitlab: GitLab, project: Project, path: string): boolean {
  return findRulesOf(gitlab, project, path).length > 0;
}

/** Returns the tag patterns that the user may not push to, or delete. */
export function findDeniedPatterns(
  gitlab: GitLab,
  project: Project,
  action: ProtectedAction,
  user: User,
): string[] {
  if (user.admin) return [];
  const level = levelInProject(gitlab, project, user);
  return gitlab.tagProtectionRules
    .list(project)
    .filter((rule) => exceeds(rule, action, level))
    .map(({ pattern }) => pattern);
}

/**
 * Whether a rule forbids the user to delete the tag. A cleanup policy runs without a user, so every rule applies to
 * it, whatever role the rule requires.
 */
export function isTagProtected(
  gitlab: GitLab,
  project: Project,
  tag: string,
  user: User | undefined,
): boolean {
  const patterns =
    user === undefined
      ? gitlab.tagProtectionRules.list(project).map(({ pattern }) => pattern)
      : findDeniedPatterns(gitlab, project, "delete", user);
  return patterns.some((pattern) => compileExpression(pattern).finds(tag));
}

function findRulesOf(gitlab: GitLab, project: Project, path: string): ProtectionRule[] {
  return gitlab.repositoryProtectionRules
    .list(project)
    .filter(({ pattern }) => isLike(path, pattern));
}

/** Whether the path matches the pattern, in which `*` matches any text. Case does not matter. */
function isLike(path: string, pattern: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replaceAll(/[^A-Za-z0-9_/]/g, "\\$&"));
  // RE2 here too: many asterisks in a row would keep a backtracking engine busy for years.
  return compileExpression(`(?is)\\A${escaped.join(".*")}\\z`).finds(path);
}

function exceeds(rule: ProtectionRule, action: ProtectedAction, level: number): boolean {
  const needed: ProtectionLevel | null = action === "push" ? rule.pushLevel : rule.deleteLevel;
  return needed !== null && protectionLevels[needed] > level;
}
