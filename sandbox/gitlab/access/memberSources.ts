import type { Caller } from "./authentication";
import { forbidden } from "../errors";
import type { GitLab } from "../gitlab";
import { accessLevels, roles, type MemberSource } from "../model/members";
import { integer, type ParseResult } from "../http/parameters";
import { levelInGroup, levelInProject, requireGroup, requireProject } from "./permissions";

/** Projects and groups, for endpoints that treat both alike. */
export const sourceKinds = ["project", "group"] as const;

/** A project or group, as a certain user sees it. */
export interface FoundSource extends MemberSource {
  readonly name: string;
  /** The caller's access level there. */
  readonly level: number;
}

/** Returns the project or group with that id or path if the caller may see it. */
export function requireSource(
  gitlab: GitLab,
  kind: MemberSource["kind"],
  idOrPath: string,
  caller: Caller,
): FoundSource {
  if (kind === "project") {
    const project = requireProject(gitlab, idOrPath, caller);
    const level = levelInProject(gitlab, project, caller.user);
    return { kind, id: project.id, name: project.name, level };
  }
  const group = requireGroup(gitlab, idOrPath, caller);
  return { kind, id: group.id, name: group.name, level: levelInGroup(gitlab, group, caller.user) };
}

/** Whether the caller administers it: a project needs a maintainer, and a group an owner. */
export function runsSource({ kind, level }: FoundSource): boolean {
  return level >= (kind === "project" ? roles.maintainer : roles.owner);
}

/** Throws if the caller doesn't administer it. */
export function requireRunning(source: FoundSource): void {
  if (!runsSource(source)) throw forbidden();
}

/** Parses an access level from a parameter. */
export function accessLevel(given: unknown): ParseResult<number | undefined> {
  const result = integer(given);
  return "value" in result &&
    result.value !== undefined &&
    !accessLevels.some((level) => level === result.value)
    ? { problem: "does not have a valid value" }
    : result;
}
