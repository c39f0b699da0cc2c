import * as pulumi from "@pulumi/pulumi";

import { formatDigest } from "../image/imageReference";
import { createRegistryClient } from "../registry/registryCheck";
import { RegistryError, type RegistryClient } from "../registry/registryClient";
import { type DeployedRelease, findKeptDigests, findPrevious, type Release } from "./release";
import { ReleaseTags } from "./releaseTags";
import { computeKeptTag, computePreviousTag } from "./tagNames";

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

  /**
   * Number of releases before this one whose files the pods serve. With `isTagged`, those before the previous one are
   * tagged `kept-2-<stack>` and so on.
   *
   * @default 0
   */
  readonly keepReleases?: number;

  /** User name to push with. */
  readonly username: pulumi.Input<string>;

  /** Password to push with. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;
}

/** The release that a stack ran before, to which a rollback returns, and those before it whose files are kept. */
export class PreviousRelease extends pulumi.ComponentResource {
  /** Digest of the release, `sha256:...`; empty if there is none. In an update it is known after the tag has moved. */
  public readonly digest: pulumi.Output<string>;

  /** The release, `repository@sha256:...`; empty if there is none. */
  public readonly reference: pulumi.Output<string>;

  /**
   * Digests of the releases whose files are kept, the newest first: at most `keepReleases`. In an update they are known
   * after the tags have moved.
   */
  public readonly keptDigests: pulumi.Output<string[]>;

  /** The same releases, each `repository@sha256:...`. */
  public readonly keptReferences: pulumi.Output<string[]>;

  /** Commit that it was built from; empty if unknown. */
  public readonly commit: pulumi.Output<string>;

  /** Version tag of that commit; empty if it has none. */
  public readonly version: pulumi.Output<string>;

  constructor(name: string, args: PreviousReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:PreviousRelease", name, {}, opts);

    const registry = new KnownDigests(args);
    const release = this.findRelease(args, registry);
    const older = this.findKept(args, registry);
    // An older release gets its tag before the next one loses it.
    const kept = args.isTagged ? this.createKeptTags(name, args, older) : older;
    const tags = args.isTagged ? this.createTag(name, args, release, kept) : pulumi.output([""]);
    const tagged = pulumi.all([release, tags]).apply(([found]) => found);
    this.keptDigests = pulumi.all([kept, tags]).apply(([found]) => found);
    this.keptReferences = this.keptDigests.apply((digests) =>
      digests.map((digest) => formatDigest(args.repository, digest)),
    );
    this.digest = tagged.apply((found) => found?.digest ?? "");
    this.reference = this.digest.apply((digest) =>
      digest === "" ? "" : formatDigest(args.repository, digest),
    );
    this.commit = tagged.apply((found) => found?.commit ?? "");
    this.version = tagged.apply((found) => found?.version ?? "");
    this.registerOutputs({
      digest: this.digest,
      commit: this.commit,
      version: this.version,
      keptDigests: this.keptDigests,
    });
  }

  /** Tags what is kept beyond the previous release, the oldest first; returns it once the tags are there. */
  private createKeptTags(
    name: string,
    { repository, stack, digest, keepReleases = 0, username, password }: PreviousReleaseArgs,
    kept: pulumi.Output<string[]>,
  ): pulumi.Output<string[]> {
    let after: pulumi.Output<unknown> = pulumi.output(undefined);
    for (let position = keepReleases; position > 1; position--) {
      // Without as many releases, the tag points to the oldest one: whether it exists must not depend on their number,
      // which a preview may not know.
      const oldest = pulumi
        .all([kept, digest])
        .apply(([digests, current]) => digests[position - 1] ?? digests.at(-1) ?? current);
      const { tags } = new ReleaseTags(
        `${name}-${position}`,
        {
          repository,
          digest: oldest,
          tags: { previous: computeKeptTag(stack, position) },
          after,
          username,
          password,
        },
        { parent: this },
      );
      after = tags;
    }
    return pulumi.all([kept, after]).apply(([digests]) => digests);
  }

  private createTag(
    name: string,
    { repository, stack, digest, username, password }: PreviousReleaseArgs,
    release: pulumi.Output<Release | undefined>,
    after: pulumi.Output<unknown>,
  ): pulumi.Output<string[]> {
    const { tags } = new ReleaseTags(
      name,
      {
        repository,
        digest: pulumi.all([release, digest]).apply(([found, current]) => found?.digest ?? current),
        tags: { previous: computePreviousTag(stack) },
        after,
        username,
        password,
      },
      { parent: this },
    );
    return tags;
  }

  /** Finds the release; undefined if the registry no longer has it, since then there is nothing to roll back to. */
  private findRelease(
    args: PreviousReleaseArgs,
    registry: KnownDigests,
  ): pulumi.Output<Release | undefined> {
    const previous = pulumi.output(args.digest).apply((digest) => findPrevious(args.last, digest));
    // A preview asks no registry.
    if (pulumi.runtime.isDryRun()) return previous;
    return previous.apply(async (release) => {
      if (release === undefined || (await registry.has(release.digest))) return release;
      void pulumi.log.warn(
        `\`${args.repository}\` does not have ${release.digest} any more, which \`${args.stack}\` ran before: there is nothing to roll back to.`,
        this,
      );
      return undefined;
    });
  }

  /** Finds what is kept. A release that the registry no longer has is left out, since pods could not start with it. */
  private findKept(args: PreviousReleaseArgs, registry: KnownDigests): pulumi.Output<string[]> {
    const { keepReleases = 0, last, repository, stack } = args;
    const kept = pulumi
      .output(args.digest)
      .apply((digest) => findKeptDigests(last, digest, keepReleases));
    if (pulumi.runtime.isDryRun()) return kept;
    return kept.apply(async (digests) => {
      const answers = await Promise.all(digests.map((digest) => registry.has(digest)));
      // The previous one has its own warning.
      for (const digest of digests.filter((_, index) => index > 0 && !answers[index])) {
        void pulumi.log.warn(
          `\`${repository}\` does not have ${digest} any more, which \`${stack}\` ran earlier: its files are not kept.`,
          this,
        );
      }
      return digests.filter((_, index) => answers[index]);
    });
  }
}

/** Which digests the registry has. It is asked once for each. */
class KnownDigests {
  private readonly found = new Map<string, Promise<boolean>>();
  private client: Promise<RegistryClient> | undefined;

  constructor(private readonly args: PreviousReleaseArgs) {}

  /** If the registry does not answer, true: moving the tag then fails with the reason. */
  public has(digest: string): Promise<boolean> {
    const known = this.found.get(digest) ?? this.ask(digest);
    this.found.set(digest, known);
    return known;
  }

  private async ask(digest: string): Promise<boolean> {
    try {
      this.client ??= createRegistryClient(this.args);
      return (await (await this.client).findDigest(digest)) !== undefined;
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      return true;
    }
  }
}
