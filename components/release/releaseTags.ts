import * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";

import { formatDigest, formatTag, parseImageReference } from "../image/imageReference";
import { markPassword } from "../registry/credentials";
import { checkInRegistry } from "../registry/registryCheck";
import { RegistryError, type RegistryClient } from "../registry/registryClient";
import { type TagKind, tagKinds } from "./tagNames";

/** Arguments for {@link ReleaseTags}. */
export interface ReleaseTagsArgs {
  /** Image repository with its registry, without tag, e.g. `gitlab.example.com:5050/web/gatsby-site`. */
  readonly repository: string;

  /** Digest of the release, `sha256:...`, that of an image index. Unknown in a preview that would build. */
  readonly digest: pulumi.Input<string>;

  /** Tags by kind. The kinds must be known before the run; the tags may be outputs. */
  readonly tags: Readonly<Partial<Record<TagKind, pulumi.Input<string>>>>;

  /**
   * Why other tags, which were asked for, are not among these; see {@link computeTagNames}. Each is a warning.
   *
   * @default []
   */
  readonly problems?: readonly string[];

  /**
   * Tags that the release has from elsewhere, without the repository.
   *
   * @default []
   */
  readonly existing?: readonly string[];

  /** User name to push with. */
  readonly username: pulumi.Input<string>;

  /** Password to push with. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;

  /**
   * The one release that the version tag may be taken from, `<version>@sha256:...`: where the same version
   * was built again, on patched base images. Once it is taken, this permits nothing more.
   *
   * @default none: a version stays what it is
   */
  readonly replaceVersion?: string;

  /**
   * What must be in place before any tag moves, such as `digest` of {@link PreviousRelease}. Known in a
   * preview, or the tags look undecided there.
   *
   * @default none: the tags move as soon as the digest is known
   */
  readonly after?: pulumi.Input<unknown>;
}

/**
 * Human-readable tags of an image that is in the registry already: no layer is pulled or pushed.
 *
 * Updates move tags but never delete them: the former image keeps its digest and its other tags. A version tag
 * that exists with another digest stops the update before any tag moves.
 *
 * @see https://www.pulumi.com/registry/packages/docker-build/api-docs/index/
 * @example
 * const tags = new ReleaseTags("site-tags", {
 *   repository,
 *   digest: image.digest,
 *   tags: { commit: "1ecfd275", environment: "env-dev" },
 *   ...access.push,
 * });
 * // Deploying `tags.reference` waits for the tags, which keep the image from clean-up.
 */
export class ReleaseTags extends pulumi.ComponentResource {
  /** What to run: `repository@sha256:...`. In an update it is known only when all tags are there. */
  public readonly reference: pulumi.Output<string>;

  /** The tags, without the repository: those that existed, then these in the order of their kinds. */
  public readonly tags: pulumi.Output<string[]>;

  constructor(name: string, args: ReleaseTagsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ReleaseTags", name, {}, opts);

    for (const problem of args.problems ?? []) void pulumi.log.warn(problem, this);
    const registry = {
      address: parseImageReference(args.repository).registry,
      username: args.username,
      password: markPassword(args.password),
    };
    const checked = this.guardVersion(args);
    const digest = pulumi.all([checked, args.after]).apply(([known]) => known);
    const reference = digest.apply((known) => formatDigest(args.repository, known));
    const kinds = tagKinds.filter((kind) => args.tags[kind] !== undefined);
    const indexes = kinds.map(
      (kind) =>
        new docker_build.Index(
          `${name}-${kind}`,
          {
            tag: pulumi
              .output(args.tags[kind])
              .apply((tag) => formatTag(args.repository, tag ?? "")),
            sources: [reference],
            registry,
          },
          // An index is deleted by its digest, which would delete the image of every stack that runs it.
          { parent: this, retainOnDelete: true },
        ),
    );

    // A URN is known in previews too, so a tag that will move makes nothing look undecided; in an update
    // it comes once the tag has moved.
    const moved = pulumi.all(indexes.map(({ urn }) => urn));
    const own = pulumi.all(kinds.map((kind) => args.tags[kind] ?? ""));
    const tags = own.apply((names) => [...new Set([...(args.existing ?? []), ...names])]);
    this.reference = pulumi.all([reference, moved]).apply(([known]) => known);
    this.tags = pulumi.all([tags, moved]).apply(([known]) => known);
    this.registerOutputs({ reference: this.reference, tags: this.tags });
  }

  /** Returns the release's digest; in an update only after its version tag was checked. */
  private guardVersion(args: ReleaseTagsArgs): pulumi.Output<string> {
    const { version } = args.tags;
    if (version === undefined) return pulumi.output(args.digest);
    const release = pulumi.all([args.digest, version]);
    return checkInRegistry(release, args, this, (reader, [digest, tag]) =>
      findVersionProblem(reader, tag, digest, args.replaceVersion),
    ).apply(([digest]) => digest);
  }
}

/**
 * Finds out why a version tag can't point to a release: it points to another one, or the registry does not answer.
 * A version is released once, so that every deployment and rollback to it gets the same image.
 *
 * @param permitted the release, `<version>@<digest>`, that the tag may be moved from
 * @returns undefined if the tag is free, points to the release already, or may be moved
 */
export async function findVersionProblem(
  reader: Pick<RegistryClient, "repository" | "findDigest">,
  version: string,
  digest: string,
  permitted?: string,
): Promise<string | undefined> {
  const target = formatTag(reader.repository, version);
  try {
    const existing = await reader.findDigest(version);
    if (existing === undefined || existing === digest || permitted === `${version}@${existing}`) {
      return undefined;
    }
    return [
      `\`${target}\` is ${existing} already, and this update has ${digest}: nothing was tagged.`,
      "A version stays what it was released as. Tag the commit with a new version, or,",
      `if this is the same version on patched base images, let it replace that one:\n    pulumi config set replaceVersion ${version}@${existing}`,
    ].join(" ");
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return `Whether \`${target}\` exists is unknown, so nothing was tagged. ${error.message}`;
  }
}
