import * as pulumi from "@pulumi/pulumi";

import * as utilities from "./utilities";

/** Arguments of {@link Provider}. Each also exists as stack configuration, `gitlab:<name>`. */
export interface ProviderArgs {
  /** Address of the REST API with its version, e.g. `https://gitlab.example.com/api/v4/`. */
  baseUrl?: pulumi.Input<string | undefined>;
  /** File with the CA that signed the server's certificate. */
  cacertFile?: pulumi.Input<string | undefined>;
  /** File with the client's certificate, where GitLab asks for one. */
  clientCert?: pulumi.Input<string | undefined>;
  /** File with the key of `clientCert`. */
  clientKey?: pulumi.Input<string | undefined>;
  /** Configuration file of the `glab` command line, to take the credentials from. */
  configFile?: pulumi.Input<string | undefined>;
  /** Which host of `configFile` to use. */
  context?: pulumi.Input<string | undefined>;
  /** Check the token when the provider starts. */
  earlyAuthCheck?: pulumi.Input<boolean | undefined>;
  /** Inside a CI job, take address and job token from the job's variables. */
  enableAutoCiSupport?: pulumi.Input<boolean | undefined>;
  /** Headers added to every request. */
  headers?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Do not verify the server's certificate. */
  insecure?: pulumi.Input<boolean | undefined>;
  /** How often a request is tried again. */
  retries?: pulumi.Input<number | undefined>;
  /** Access token. Without it the plugin reads the environment's `GITLAB_TOKEN`. */
  token?: pulumi.Input<string | undefined>;
}

/** A connection to one GitLab. Resources without one use the default provider. */
export class Provider extends pulumi.ProviderResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab";

  /** Whether `value` is a `Provider`, also one of another copy of this package. */
  public static override isInstance(value: unknown): value is Provider {
    const type = `pulumi:providers:${Provider.__pulumiType}`;
    return (value as { __pulumiType?: string } | undefined)?.__pulumiType === type;
  }

  // Declared only: the base class fills the fields in, and defining them here would empty them again.
  declare public readonly baseUrl: pulumi.Output<string | undefined>;
  declare public readonly cacertFile: pulumi.Output<string | undefined>;
  declare public readonly clientCert: pulumi.Output<string | undefined>;
  declare public readonly clientKey: pulumi.Output<string | undefined>;
  declare public readonly configFile: pulumi.Output<string | undefined>;
  declare public readonly context: pulumi.Output<string | undefined>;
  declare public readonly token: pulumi.Output<string | undefined>;

  constructor(name: string, args: ProviderArgs = {}, opts: pulumi.ResourceOptions = {}) {
    // Providers take text only: other values travel as JSON.
    const inputs = {
      ...args,
      earlyAuthCheck: asJson(args.earlyAuthCheck),
      enableAutoCiSupport: asJson(args.enableAutoCiSupport),
      headers: asJson(args.headers),
      insecure: asJson(args.insecure),
      retries: asJson(args.retries),
      token: args.token === undefined ? undefined : pulumi.secret(args.token),
    };
    super(
      Provider.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions(utilities.resourceOptsDefaults(), {
        ...opts,
        additionalSecretOutputs: ["token"],
      }),
    );
  }
}

function asJson<T>(value: pulumi.Input<T>): pulumi.Output<string | undefined> {
  return pulumi
    .output<T>(value)
    .apply((plain) => (plain === undefined ? undefined : JSON.stringify(plain)));
}
