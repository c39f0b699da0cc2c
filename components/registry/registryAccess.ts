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
   * Path or number of a group above the project, to make group deploy tokens there instead.
   *
   * @default none: the tokens belong to the project
   */
  readonly group?: string;

  /**
   * Whether the cluster needs credentials. It does not where anyone may pull.
   *
   * @default true
   */
  readonly needsPull?: boolean;

  /**
   * Credentials that exist already, to be used in place of tokens made here.
   *
   * @default none
   */
  readonly existing?: Readonly<Partial<Record<CredentialRole, ExistingCredentials>>>;

  /**
   * Days after which a new token takes the place of the old one. A token lives for more than this long and
   * at most twice as long.
   *
   * @default 60
   */
  readonly rotateEveryDays?: number;

  /**
   * Number of rotations asked for beside those of time: another number is a rotation now.
   *
   * @default 0
   */
  readonly rotation?: number;

  /**
   * Days before a token's end from which it is warned of.
   *
   * @default 14
   */
  readonly warnDays?: number;

  /**
   * When the tokens end that the last update left in use, as RFC 3339 times, to tell of rotations.
   *
   * @default none: nothing is told
   */
  readonly inUse?: Readonly<Partial<Record<CredentialRole, pulumi.Input<string | undefined>>>>;

  /**
   * The time by which it is decided what is due.
   *
   * @default the clock's
   */
  readonly now?: Date;
}

/**
 * Credentials for a project's container registry, one for each purpose: `push` may read and write and is
 * meant for the build, `pull` may only read and is meant for the cluster. They are deploy tokens that are
 * replaced in time, unless credentials are given that exist already.
 *
 * Time is cut into windows of `rotateEveryDays`. Each window has tokens of its own, which end with the
 * window after it. There are two pull tokens, `a` and `b`, each of every other window: a rotation replaces
 * the one that is not in use, and hands that out. Of the push token there is one.
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

  /** Credentials to pull with; none where they are not needed. */
  public readonly pull?: RegistryCredentials;

  /** When those of `push` end, as RFC 3339 time; undefined where that is not known. */
  public readonly pushTokenExpiresAt: pulumi.Output<string | undefined>;

  /** When those of `pull` end, as RFC 3339 time; undefined where that is not known, or there are none. */
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
        : this.takeToken(createToken[role](name, tokens, this), role, window);
      const warnDays = args.warnDays ?? defaultWarnDays;
      this.tellOfExpiry(
        role,
        { ...resolved, inUse: given ? given.expiresAt : args.inUse?.[role] },
        now,
        // A token made here always has more than a window to live, unless its turn is over.
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

  private takeToken(token: DeployToken, role: CredentialRole, window: RotationPeriod): Resolved {
    token.expiresAt.apply((expiresAt) => {
      const problem = findLifetimeProblem(describeToken(role), expiresAt, window);
      // The update fails, but goes on to hand out the token: it is good for now.
      if (problem !== undefined) void pulumi.log.error(problem, this);
    });
    return {
      credentials: { username: token.username, password: pulumi.secret(token.token) },
      expiresAt: token.expiresAt,
      wanted: window.expiresAt,
    };
  }

  /** Says what is due, and what ends soon. */
  private tellOfExpiry(
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

/** Credentials of a role, whether they were made here or given. */
interface Resolved {
  readonly credentials: RegistryCredentials;
  readonly expiresAt: pulumi.Output<string | undefined>;
  /** When they end by what is known before the run. */
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

/** How a sentence begins that is about a role's token. */
function describeToken(role: CredentialRole): string {
  return `The ${role} token`;
}
