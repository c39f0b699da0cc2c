import * as pulumi from "@pulumi/pulumi";

import * as utilities from "./utilities";

/** Arguments of {@link ProjectDeployToken}. There is no update in GitLab's API: any change replaces the token. */
export interface ProjectDeployTokenArgs {
  /** When the token ends, as RFC 3339 time. Without it the token never ends. */
  expiresAt?: pulumi.Input<string | undefined>;
  /** Name shown in GitLab. Need not be unique. */
  name?: pulumi.Input<string | undefined>;
  /** Path or number of the project that the token belongs to. */
  project: pulumi.Input<string>;
  /** What the token may do, e.g. `read_registry`. */
  scopes: pulumi.Input<pulumi.Input<string>[]>;
  /** User name to log in with. GitLab makes one with the token's number when it is left out. */
  username?: pulumi.Input<string | undefined>;
  /** Refuse an `expiresAt` that is past. */
  validatePastExpirationDate?: pulumi.Input<boolean | undefined>;
}

/** What is known of an existing {@link ProjectDeployToken}, to look it up with. */
export interface ProjectDeployTokenState extends Partial<ProjectDeployTokenArgs> {
  /** Whether the token has ended. */
  expired?: pulumi.Input<boolean | undefined>;
  /** Whether the token was revoked. */
  revoked?: pulumi.Input<boolean | undefined>;
  /** The secret itself. */
  token?: pulumi.Input<string | undefined>;
}

/** A deploy token of one project: a user name and a secret for its repositories and registry. */
export class ProjectDeployToken extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/projectDeployToken:ProjectDeployToken";

  /** Looks up an existing token. Its secret can't be read again. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ProjectDeployTokenState,
    opts?: pulumi.CustomResourceOptions,
  ): ProjectDeployToken {
    return new ProjectDeployToken(name, state, { ...opts, id });
  }

  /** Whether `value` is a `ProjectDeployToken`, also one of another copy of this package. */
  public static override isInstance(value: unknown): value is ProjectDeployToken {
    return (
      (value as { __pulumiType?: string } | undefined)?.__pulumiType ===
      ProjectDeployToken.__pulumiType
    );
  }

  // Declared only: the base class fills the fields in, and defining them here would empty them again.
  /** Whether the token has ended. */
  declare public readonly expired: pulumi.Output<boolean>;
  /** When the token ends, as RFC 3339 time. */
  declare public readonly expiresAt: pulumi.Output<string>;
  /** Name shown in GitLab. */
  declare public readonly name: pulumi.Output<string>;
  /** Path or number of the project that the token belongs to. */
  declare public readonly project: pulumi.Output<string>;
  /** Whether the token was revoked. */
  declare public readonly revoked: pulumi.Output<boolean>;
  /** What the token may do. */
  declare public readonly scopes: pulumi.Output<string[]>;
  /** The secret to log in with. GitLab tells it once, when the token is created. */
  declare public readonly token: pulumi.Output<string>;
  /** User name to log in with. */
  declare public readonly username: pulumi.Output<string>;
  /** Whether an `expiresAt` that is past is refused. */
  declare public readonly validatePastExpirationDate: pulumi.Output<boolean>;

  constructor(name: string, args: ProjectDeployTokenArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, state?: ProjectDeployTokenState, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    argsOrState: ProjectDeployTokenState = {},
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const known = opts.id !== undefined;
    for (const required of ["project", "scopes"] as const) {
      if (!known && opts.urn === undefined && argsOrState[required] === undefined) {
        throw new Error(`Missing required property '${required}'`);
      }
    }
    const inputs = {
      expired: known ? argsOrState.expired : undefined,
      expiresAt: argsOrState.expiresAt,
      name: argsOrState.name,
      project: argsOrState.project,
      revoked: known ? argsOrState.revoked : undefined,
      scopes: argsOrState.scopes,
      token: known ? argsOrState.token : undefined,
      username: argsOrState.username,
      validatePastExpirationDate: argsOrState.validatePastExpirationDate,
    };
    const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts);
    super(
      ProjectDeployToken.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions(options, { additionalSecretOutputs: ["token"] }),
    );
  }
}
