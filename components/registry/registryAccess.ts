import * as pulumi from "@pulumi/pulumi";

import type { DeployToken } from "./deployToken";
import type { CredentialRole, ExistingCredentials, RegistryCredentials } from "./credentials";
import { createPullTokens, createPushToken } from "./tokenRotation";
import { defaultWarnDays, describeExpiry, findLifetimeProblem } from "./tokenExpiry";
import {
  computeRotationPeriod,
  defaultRotateEveryDays,
  type RotationPeriod,
} from "./rotationPeriod";

/** Arguments for {@link RegistryAccess}. */
export interface RegistryAccessArgs {
  /** Path or number of the GitLab project that holds the images, e.g. `web/gatsby-site`. */
  readonly project: pulumi.Input<string>;

  /**
   * Path or number of a group above the project, to create group deploy tokens there instead.
   *
   * @default none: the tokens belong to the project
   */
  readonly group?: string;

  /**
   * Whether to create credentials for the cluster. It needs none if anyone may pull.
   *
   * @default true
   */
  readonly needsPull?: boolean;

  /**
   * Existing credentials, used instead of new tokens.
   *
   * @default none
   */
  readonly existing?: Readonly<Partial<Record<CredentialRole, ExistingCredentials>>>;

  /**
   * Days between rotations. A token is valid for more than one and at most two such periods.
   *
   * @default 60
   */
  readonly rotateEveryDays?: number;

  /**
   * Number of forced rotations. Changing it rotates the tokens in the next update.
   *
   * @default 0
   */
  readonly rotation?: number;

  /**
   * Days before a token expires from which a warning is logged.
   *
   * @default 14
   */
  readonly warnDays?: number;

  /**
   * Expiry of the tokens that the last update left in use, as RFC 3339 times; see `readLastUpdate`. With it a
   * rotation is logged.
   *
   * @default unknown: rotations are not logged
   */
  readonly inUse?: Readonly<Partial<Record<CredentialRole, pulumi.Input<string | undefined>>>>;

  /**
   * Current time, for deciding which tokens to rotate.
   *
   * @default the time of the machine's clock
   */
  readonly now?: Date;
}

/**
 * Credentials for a project's container registry, one for each purpose: `push` may read and write and is
 * meant for the build, `pull` may only read and is meant for the cluster. They are deploy tokens that rotate,
 * unless existing credentials are given.
 *
 * Tokens rotate every `rotateEveryDays`. There are two pull tokens, `a` and `b`: each rotation replaces the unused
 * one and switches to it. There is a single push token.
 *
 * In GitLab they are named `slipway/<Pulumi project>/<stack>/<role>`, with the slot of a pull token.
 *
 * @example
 * const access = new RegistryAccess("registry", { project: "web/gatsby-site" });
 * // access.push for a build, access.pull for a pull secret
 */
export class RegistryAccess extends pulumi.ComponentResource {
  /** Credentials to build and push with. */
  public readonly push: RegistryCredentials;

  /** Credentials to pull with; undefined if none are needed. */
  public readonly pull?: RegistryCredentials;

  /** Expiry of `push`, as RFC 3339 time; undefined if unknown. */
  public readonly pushTokenExpiresAt: pulumi.Output<string | undefined>;

  /** Expiry of `pull`, as RFC 3339 time; undefined if unknown or if there are none. */
  public readonly pullTokenExpiresAt: pulumi.Output<string | undefined>;

  constructor(name: string, args: RegistryAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:RegistryAccess", name, {}, opts);

    const now = args.now ?? new Date();
    const rotateEveryDays = args.rotateEveryDays ?? defaultRotateEveryDays;
    const owner = `${pulumi.getProject()}/${pulumi.getStack()}`;
    const window = computeRotationPeriod(now, rotateEveryDays, owner);
    const tokens = { ...args, window, rotation: args.rotation ?? 0 };
    const resolve = (role: CredentialRole): Resolved => {
      const given = args.existing?.[role];
      const resolved = given
        ? useExisting(given)
        : this.useToken(createToken[role](name, tokens, this), role, window);
      const warnDays = args.warnDays ?? defaultWarnDays;
      this.logExpiry(
        role,
        { ...resolved, inUse: given ? given.expiresAt : args.inUse?.[role] },
        now,
        // A token of this stack is valid for longer than a period, until it is due to rotate.
        given ? warnDays : Math.min(warnDays, rotateEveryDays),
      );
      return resolved;
    };
    const push = resolve("push");
    const pull = (args.needsPull ?? true) ? resolve("pull") : undefined;

    this.push = push.credentials;
    this.pull = pull?.credentials;
    this.pushTokenExpiresAt = push.expiresAt;
    this.pullTokenExpiresAt = pull?.expiresAt ?? pulumi.output(undefined);
    this.registerOutputs({
      push: this.push,
      pull: this.pull,
      pushTokenExpiresAt: this.pushTokenExpiresAt,
      pullTokenExpiresAt: this.pullTokenExpiresAt,
    });
  }

  private useToken(token: DeployToken, role: CredentialRole, window: RotationPeriod): Resolved {
    token.expiresAt.apply((expiresAt) => {
      const problem = findLifetimeProblem(describeToken(role), expiresAt, window);
      // The update fails, but continues with the token, which is valid now.
      if (problem !== undefined) void pulumi.log.error(problem, this);
    });
    return {
      credentials: { username: token.username, password: pulumi.secret(token.token) },
      expiresAt: token.expiresAt,
      wanted: window.expiresAt,
    };
  }

  /** Logs rotations that are due and tokens that expire soon. */
  private logExpiry(
    role: CredentialRole,
    { inUse, wanted }: { inUse?: pulumi.Input<string | undefined>; wanted?: string },
    now: Date,
    warnDays: number,
  ): void {
    if (wanted === undefined) return;
    pulumi.output(inUse).apply((known) => {
      const token = { subject: describeToken(role), expiresAt: known ?? wanted, wanted };
      const message = describeExpiry(token, now, warnDays);
      if (message !== undefined) void pulumi.log[message.severity](message.text, this);
    });
  }
}

/** Credentials of a role, new or existing. */
interface Resolved {
  readonly credentials: RegistryCredentials;
  readonly expiresAt: pulumi.Output<string | undefined>;
  /** Expiry that is known before the run. */
  readonly wanted?: string;
}

const createToken = { push: createPushToken, pull: createPullTokens };

function useExisting({ username, password, expiresAt }: ExistingCredentials): Resolved {
  return {
    credentials: { username: pulumi.output(username), password: pulumi.secret(password) },
    expiresAt: pulumi.output(expiresAt),
    wanted: expiresAt,
  };
}

/** Returns the subject of a sentence about a role's token. */
function describeToken(role: CredentialRole): string {
  return `The ${role} token`;
}
