import type { CredentialRole } from "./credentials";

/** The parts of a deploy token's name that identify its stack. */
export interface TokenNaming {
  /** The Pulumi project's name. */
  readonly project: string;

  /** The stack's name, without organization and project. */
  readonly stack: string;

  /**
   * Path of the GitLab project whose images they are for, if they belong to a group: a group has the tokens of many
   * projects, whose Pulumi projects may have the same name.
   */
  readonly gitlabProjectPath?: string;
}

/**
 * Computes the name of a deploy token in GitLab.
 *
 * @param label suffix that distinguishes it from others of its role: its slot, and the forced rotation
 */
export function computeTokenName(owner: TokenNaming, role: CredentialRole, label: string): string {
  return computePrefix(owner) + role + label;
}

/** Whether a name is one that {@link computeTokenName} gives, whatever its label. */
export function isTokenName(owner: TokenNaming, name: string): boolean {
  const prefix = computePrefix(owner);
  return name.startsWith(prefix) && /^(push|pull)(-[ab])?(\/\d+)?$/.test(name.slice(prefix.length));
}

function computePrefix({ project, gitlabProjectPath, stack }: TokenNaming): string {
  return [
    "slipway",
    ...(gitlabProjectPath === undefined ? [] : [gitlabProjectPath]),
    project,
    stack,
    "",
  ].join("/");
}
