import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import type { CredentialRole } from "./credentials";
import { computeTokenName } from "./tokenName";

/** A deploy token, of a project or of a group. */
export type DeployToken = gitlab.GroupDeployToken | gitlab.ProjectDeployToken;

/** What tells one deploy token of a stack from another. */
export interface DeployTokenArgs {
  /** Path or number of the project whose images it is for. */
  readonly project: pulumi.Input<string>;

  /** Path or number of the group that the token belongs to, instead of the project. */
  readonly group?: string;

  /** What the token is for. */
  readonly role: CredentialRole;

  /** What its name ends with, beside the role, such as its slot. Need not be there. */
  readonly label: string;

  /** When it ends, as RFC 3339 time. */
  readonly expiresAt: string;
}

const scopesByRole = {
  // GitLab lets only those write who may read too.
  push: ["read_registry", "write_registry"],
  pull: ["read_registry"],
} satisfies Record<CredentialRole, string[]>;

/**
 * A deploy token for the container registry. All tokens of a stack and role log in with the same user name,
 * so that another one changes a password and nothing else.
 *
 * @see https://docs.gitlab.com/user/project/deploy_tokens/
 */
export function createDeployToken(
  name: string,
  args: DeployTokenArgs,
  options: pulumi.CustomResourceOptions,
): DeployToken {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const shared = args.group === undefined ? undefined : args.project;
  const token = {
    name: pulumi
      .output(shared)
      .apply((sharedBy) => computeTokenName({ project, stack, sharedBy }, args.role, args.label)),
    // Pulumi's names hold only characters that GitLab accepts here: letters, digits, `.`, `_`, `-`.
    username: ["slipway", project, stack, args.role].join("-"),
    scopes: scopesByRole[args.role],
    expiresAt: args.expiresAt,
  };
  // GitLab allows two tokens of one name. Said here because the provider, seeing the same name again, would
  // delete the old token while somebody still uses it.
  const all = { ...options, deleteBeforeReplace: false };
  return args.group === undefined
    ? new gitlab.ProjectDeployToken(name, { project: args.project, ...token }, all)
    : new gitlab.GroupDeployToken(name, { group: args.group, ...token }, all);
}
