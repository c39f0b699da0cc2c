import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import type { CredentialRole } from "./credentials";
import { computeTokenName } from "./tokenName";

/** A deploy token, of a project or of a group. */
export type DeployToken = gitlab.GroupDeployToken | gitlab.ProjectDeployToken;

/** Arguments of {@link createDeployToken}. */
export interface DeployTokenArgs {
  /** Path or number of the project whose images it is for. */
  readonly project: pulumi.Input<string>;

  /** Path or number of the group that the token belongs to, instead of the project. */
  readonly group?: string;

  /** What the token is for. */
  readonly role: CredentialRole;

  /** Optional suffix of the name, such as the slot; may be empty. */
  readonly label: string;

  /** Expiry, as RFC 3339 time. */
  readonly expiresAt: string;
}

const scopesByRole = {
  // GitLab requires the scope to read for writing.
  push: ["read_registry", "write_registry"],
  pull: ["read_registry"],
} satisfies Record<CredentialRole, string[]>;

/**
 * Creates a deploy token for the container registry. All tokens of a stack and role have the same user name, so that
 * a rotation changes only the password.
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
      .apply((gitlabProjectPath) =>
        computeTokenName({ project, stack, gitlabProjectPath }, args.role, args.label),
      ),
    // Pulumi's names hold only characters that GitLab accepts here: letters, digits, `.`, `_`, `-`.
    username: ["slipway", project, stack, args.role].join("-"),
    scopes: scopesByRole[args.role],
    expiresAt: args.expiresAt,
  };
  // GitLab allows two tokens with one name. By default the provider would delete the old token first, while it
  // is still in use.
  const all = { ...options, deleteBeforeReplace: false };
  return args.group === undefined
    ? new gitlab.ProjectDeployToken(name, { project: args.project, ...token }, all)
    : new gitlab.GroupDeployToken(name, { group: args.group, ...token }, all);
}
