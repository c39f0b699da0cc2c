import type { CredentialRole } from "./credentials";

/** Whose deploy tokens. */
export interface TokenNaming {
  /** The Pulumi project's name. */
  readonly project: string;

  /** The stack's name, without organization and project. */
  readonly stack: string;

  /**
   * Path of the GitLab project whose images they are for, where they belong to a group: it has the tokens of
   * many projects, whose programs may be called the same.
   */
  readonly sharedBy?: string;
}

/**
 * Name of a deploy token in GitLab.
 *
 * @param label what tells it from others of its role: its slot, and the rotation that was forced
 */
export function computeTokenName(owner: TokenNaming, role: CredentialRole, label: string): string {
  return computePrefix(owner) + role + label;
}

/** Whether a name is one that {@link computeTokenName} gives, whatever its label. */
export function isTokenName(owner: TokenNaming, name: string): boolean {
  const prefix = computePrefix(owner);
  return name.startsWith(prefix) && /^(push|pull)(-[ab])?(\/\d+)?$/.test(name.slice(prefix.length));
}

function computePrefix({ project, sharedBy, stack }: TokenNaming): string {
  return ["slipway", ...(sharedBy === undefined ? [] : [sharedBy]), project, stack, ""].join("/");
}
