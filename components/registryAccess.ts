import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import { computeTokenExpiry, defaultRotateEveryDays } from "./tokenWindow";

/** User name and password for a container registry. */
export interface RegistryCredentials {
  /** User name. It never changes, so that a new token rebuilds nothing. */
  readonly username: pulumi.Output<string>;

  /** Password, a secret. */
  readonly password: pulumi.Output<string>;
}

/** Arguments for {@link RegistryAccess}. */
export interface RegistryAccessArgs {
  /** Path or number of the GitLab project that holds the images, e.g. `web/gatsby-site`. */
  readonly project: pulumi.Input<string>;

  /**
   * Path or number of a group above the project, to make group deploy tokens there instead.
   *
   * @default none: the tokens belong to the project
   */
  readonly group?: string;

  /**
   * Days after which a new token replaces the old one. A token lives for at least this long and at most
   * twice as long.
   *
   * @default 60
   */
  readonly rotateEveryDays?: number;

  /**
   * The time by which the tokens' expiry is decided.
   *
   * @default the clock's
   */
  readonly now?: Date;
}

/**
 * Deploy tokens for a project's container registry, one for each purpose: `push` may read and write and is
 * meant for the build, `pull` may only read and is meant for the cluster.
 *
 * In GitLab they are named `slipway/<Pulumi project>/<stack>/<role>`.
 *
 * @see https://docs.gitlab.com/user/project/deploy_tokens/
 * @example
 * const access = new RegistryAccess("registry", { project: "web/gatsby-site" });
 * // access.push for a build, access.pull for a pull secret
 */
export class RegistryAccess extends pulumi.ComponentResource {
  /** Credentials to build and push with. */
  public readonly push: RegistryCredentials;

  /** Credentials to pull with. */
  public readonly pull: RegistryCredentials;

  /** When the token of `push` ends, as RFC 3339 time. */
  public readonly pushTokenExpiresAt: pulumi.Output<string>;

  /** When the token of `pull` ends, as RFC 3339 time. */
  public readonly pullTokenExpiresAt: pulumi.Output<string>;

  constructor(name: string, args: RegistryAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:RegistryAccess", name, {}, opts);

    const expiresAt = computeTokenExpiry(
      args.now ?? new Date(),
      args.rotateEveryDays ?? defaultRotateEveryDays,
    );
    const createToken = (role: TokenRole): DeployToken => {
      const shared = { ...describeToken(role), expiresAt };
      // GitLab allows two tokens of one name. Said here because the provider, seeing the same name
      // again, would delete the old token while pods still pull with it.
      const options = { parent: this, deleteBeforeReplace: false };
      return args.group === undefined
        ? new gitlab.ProjectDeployToken(
            `${name}-${role}`,
            { project: args.project, ...shared },
            options,
          )
        : new gitlab.GroupDeployToken(`${name}-${role}`, { group: args.group, ...shared }, options);
    };

    const push = createToken("push");
    const pull = createToken("pull");
    this.push = { username: push.username, password: pulumi.secret(push.token) };
    this.pull = { username: pull.username, password: pulumi.secret(pull.token) };
    this.pushTokenExpiresAt = push.expiresAt;
    this.pullTokenExpiresAt = pull.expiresAt;
    this.registerOutputs({
      push: this.push,
      pull: this.pull,
      pushTokenExpiresAt: this.pushTokenExpiresAt,
      pullTokenExpiresAt: this.pullTokenExpiresAt,
    });
  }
}

type DeployToken = gitlab.GroupDeployToken | gitlab.ProjectDeployToken;
type TokenRole = keyof typeof scopesByRole;

const scopesByRole = {
  push: ["read_registry", "write_registry"],
  pull: ["read_registry"],
};

function describeToken(role: TokenRole) {
  const owner = [pulumi.getProject(), pulumi.getStack(), role];
  return {
    name: ["slipway", ...owner].join("/"),
    // Pulumi's names hold only characters that GitLab accepts here: letters, digits, `.`, `_`, `-`.
    username: ["slipway", ...owner].join("-"),
    scopes: scopesByRole[role],
  };
}
