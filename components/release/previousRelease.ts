import * as pulumi from "@pulumi/pulumi";

import { formatDigest } from "../image/imageReference";
import { createRegistryClient } from "../registry/registryCheck";
import { RegistryError, type RegistryClient } from "../registry/registryClient";
import { type DeployedRelease, findPrevious, type Release } from "./release";
import { ReleaseTags } from "./releaseTags";
import { computePreviousTag } from "./tagNames";

/** Arguments for {@link PreviousRelease}. */
export interface PreviousReleaseArgs {
  /** Image repository with its registry, without tag, e.g. `gitlab.example.com:5050/web/gatsby-site`. */
  readonly repository: string;

  /** Name of the stack. */
  readonly stack: string;

  /** Digest that the stack is about to run. */
  readonly digest: pulumi.Input<string>;

  /** Release of the stack before this update; undefined if nothing was deployed. */
  readonly last: DeployedRelease | undefined;

  /**
   * Whether to tag it `previous-<stack>`, which keeps it from cleanup. After the first release the tag points to
   * that release itself.
   */
  readonly isTagged: boolean;

  /** User name to push with. */
  readonly username: pulumi.Input<string>;

  /** Password to push with. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;
}

/** The release that a stack ran before, to which a rollback returns. */
export class PreviousRelease extends pulumi.ComponentResource {
  /** Digest of the release, `sha256:...`; empty if there is none. In an update it is known after the tag has moved. */
  public readonly digest: pulumi.Output<string>;

  /** The release, `repository@sha256:...`; empty if there is none. */
  public readonly reference: pulumi.Output<string>;

  /** Commit that it was built from; empty if unknown. */
  public readonly commit: pulumi.Output<string>;

  /** Version tag of that commit; empty if it has none. */
  public readonly version: pulumi.Output<string>;

  constructor(name: string, args: PreviousReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:PreviousRelease", name, {}, opts);

    const release = this.findRelease(args);
    const tags = args.isTagged ? this.createTag(name, args, release) : pulumi.output([""]);
    const tagged = pulumi.all([release, tags]).apply(([found]) => found);
    this.digest = tagged.apply((found) => found?.digest ?? "");
    this.reference = this.digest.apply((digest) =>
      digest === "" ? "" : formatDigest(args.repository, digest),
    );
    this.commit = tagged.apply((found) => found?.commit ?? "");
    this.version = tagged.apply((found) => found?.version ?? "");
    this.registerOutputs({ digest: this.digest, commit: this.commit, version: this.version });
  }

  private createTag(
    name: string,
    { repository, stack, digest, username, password }: PreviousReleaseArgs,
    release: pulumi.Output<Release | undefined>,
  ): pulumi.Output<string[]> {
    const { tags } = new ReleaseTags(
      name,
      {
        repository,
        digest: pulumi.all([release, digest]).apply(([found, current]) => found?.digest ?? current),
        tags: { previous: computePreviousTag(stack) },
        username,
        password,
      },
      { parent: this },
    );
    return tags;
  }

  /** Finds the release; undefined if the registry no longer has it, since then there is nothing to roll back to. */
  private findRelease(args: PreviousReleaseArgs): pulumi.Output<Release | undefined> {
    const previous = pulumi.output(args.digest).apply((digest) => findPrevious(args.last, digest));
    // A preview asks no registry.
    if (pulumi.runtime.isDryRun()) return previous;
    return previous.apply(async (release) => {
      if (
        release === undefined ||
        (await hasDigest(await createRegistryClient(args), release.digest))
      ) {
        return release;
      }
      void pulumi.log.warn(
        `\`${args.repository}\` does not have ${release.digest} any more, which \`${args.stack}\` ran before: there is nothing to roll back to.`,
        this,
      );
      return undefined;
    });
  }
}

/** Whether the registry has a digest. If it does not answer, true: moving the tag then fails with the reason. */
async function hasDigest(reader: RegistryClient, digest: string): Promise<boolean> {
  try {
    return (await reader.findDigest(digest)) !== undefined;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return true;
  }
}
