import * as pulumi from "@pulumi/pulumi";

import type { ExistingRelease } from "./existingRelease";
import { checkInRegistry } from "../registry/registryCheck";
import { RegistryError, type RegistryClient } from "../registry/registryClient";
import type { Revision } from "../image/revision";
import type { TaggedCommit } from "../image/revision";
import type { LastUpdate } from "./stackOutputs";

/** Arguments for {@link ReleasedImage}. */
export interface ReleasedImageArgs {
  /** Image repository with its registry, without tag, e.g. `gitlab.example.com:5050/web/gatsby-site`. */
  readonly repository: string;

  /** The release, and where it comes from. */
  readonly release: ExistingRelease;

  /**
   * What the last update of this stack left, from `readLastUpdate`: a stack that builds nothing for a while must not
   * return to older content afterwards.
   *
   * @default none
   */
  readonly last?: Pick<LastUpdate, "contentVersion">;

  /** User name to read the registry with. */
  readonly username: pulumi.Input<string>;

  /** Password to read the registry with. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;
}

/**
 * The image of a release that was built before, by another stack or at another time. It builds nothing.
 *
 * The update fails, before any tag moves, if the registry no longer has the image, or if a pipeline releases a
 * commit that was built as another image.
 */
export class ReleasedImage extends pulumi.ComponentResource {
  /** The image's digest, `sha256:...`. In an update it is known only when the registry has it. */
  public readonly digest: pulumi.Output<string>;

  /** Commit that it was built from; empty if unknown. */
  public readonly commit: pulumi.Output<string>;

  /** Version tag of that commit; empty if it has none. */
  public readonly version: pulumi.Output<string>;

  /** Version of the content that the stack's last image was built with; empty if none was requested. */
  public readonly contentVersion: pulumi.Output<string>;

  /** Revision for the names of this update's tags: only the version that a pipeline gives the release now. */
  public readonly revision: Revision;

  constructor(name: string, args: ReleasedImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ReleasedImage", name, {}, opts);

    const { release } = args;
    this.digest = checkInRegistry(pulumi.output(release.digest), args, this, (reader) =>
      findReleaseProblem(reader, release),
    );
    this.commit = pulumi.output(release.commit);
    this.version = pulumi.output(release.version);
    this.contentVersion = pulumi.output(args.last?.contentVersion ?? "");
    this.revision = { dirty: false, version: release.tagged?.version };
    this.registerOutputs({ digest: this.digest, commit: this.commit, version: this.version });
  }
}

/**
 * Finds out whether the registry has what a release needs.
 *
 * @returns the reason why it can't be deployed; undefined if it can
 */
export async function findReleaseProblem(
  reader: Pick<RegistryClient, "repository" | "findDigest">,
  { digest, from, tagged }: Pick<ExistingRelease, "digest" | "from" | "tagged">,
): Promise<string | undefined> {
  try {
    if (tagged !== undefined) {
      const built = await reader.findDigest(tagged.tag);
      if (built !== digest) return describeOther(reader.repository, digest, built, tagged, from);
    }
    if ((await reader.findDigest(digest)) !== undefined) return undefined;
    return from === undefined
      ? `\`digest\` is ${digest}, which \`${reader.repository}\` does not have: nothing was changed. Pin another one, or none:\n    pulumi config rm digest`
      : `\`${from}\` runs ${digest}, which \`${reader.repository}\` does not have any more: nothing was changed. Build and deploy it there again:\n    pulumi up --stack ${from}`;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return `Whether \`${reader.repository}\` has ${digest} is unknown: nothing was changed. ${error.message}`;
  }
}

function describeOther(
  repository: string,
  digest: string,
  built: string | undefined,
  { tag, version }: TaggedCommit,
  from = "digest",
): string {
  const commit = `\`${version}\` is commit \`${tag}\``;
  return built === undefined
    ? `${commit}, of which \`${repository}\` has no image, but \`${from}\` runs ${digest}: nothing was changed. Build that commit and promote it to \`${from}\` first.`
    : `${commit}, built as ${built}, but \`${from}\` runs ${digest}: nothing was changed. Promote that commit to \`${from}\` first, or give the version to the commit that it runs.`;
}
