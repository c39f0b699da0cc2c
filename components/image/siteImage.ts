import * as fs from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import type { BuildContext } from "./buildContext";
import {
  findUnusedValues,
  outputArgument,
  resolveBuildValues,
  takesBuildArg,
} from "./buildEnvironment";
import { createBuildkitImage } from "./buildkitImage";
import { computeContentTag } from "./contentTag";
import { contentVersionArgument } from "./contentVersionNames";
import { createEngineImage } from "./engineImage";
import { findFileProblems } from "./contextFiles";
import { findContextProblems } from "./contextProblems";
import { listContext } from "./contextListing";
import { findContextSecrets } from "./contextSecrets";
import { type GitStatus, readGitStatus } from "./gitCheckout";
import {
  certificateSecret,
  environmentSecret,
  defaultBuilder,
  defaultOutputDirectory,
  type ImageBuild,
} from "./imageBuild";
import { formatDigest, formatTag, parseImageReference } from "./imageReference";
import { markPassword } from "../registry/credentials";
import { checkInRegistry } from "../registry/registryCheck";
import { findRevision, formatCommit, type Revision } from "./revision";
import type { SiteImageArgs } from "./siteImageArgs";
import { findSizeProblem } from "./sizeBudget";
import { findServerProblems } from "./staticLimits";
import { findOwnServerProblems } from "./ownServer";
import { findPrefixProblems } from "./pathPrefix";
import { normalizeFilePermissions } from "./filePermissions";

/**
 * The image of a site, built from its folder and pushed.
 *
 * A preview builds and pushes nothing: after a change the digest is unknown until the update.
 *
 * @see https://www.pulumi.com/registry/packages/docker-build/
 * @example
 * const image = new SiteImage("site", {
 *   repository: "gitlab.example.com:5050/web/gatsby-site",
 *   directory: "site",
 *   ...access.push,
 * });
 */
export class SiteImage extends pulumi.ComponentResource {
  /** The image's digest, `sha256:...`. */
  public readonly digest: pulumi.Output<string>;

  /** What to run: `repository@sha256:...`. */
  public readonly reference: pulumi.Output<string>;

  /** Tags under which it was pushed. */
  public readonly tags: pulumi.Output<string[]>;

  /** Commit that it was built from, with `-dirty` if files differed; empty where that is not known. */
  public readonly commit: pulumi.Output<string>;

  /** Version tag of that commit; empty where it has none. */
  public readonly version: pulumi.Output<string>;

  /** Version of what the build fetched from elsewhere; empty if none was ever requested. */
  public readonly contentVersion: pulumi.Output<string>;

  /** The revision that it was built from, known before anything runs. */
  public readonly revision: Revision;

  constructor(name: string, args: SiteImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:SiteImage", name, {}, opts);

    const { contentVersion, digest, revision, tag } = this.build(name, args);
    this.revision = revision;
    this.digest = digest;
    this.reference = digest.apply((known) => formatDigest(args.repository, known));
    this.tags = pulumi.output([tag]);
    this.commit = pulumi.output(formatCommit(revision));
    this.version = pulumi.output(revision.version ?? "");
    this.contentVersion = pulumi.output(contentVersion ?? "");
    this.registerOutputs({
      digest: this.digest,
      reference: this.reference,
      tags: this.tags,
      commit: this.commit,
      version: this.version,
      contentVersion: this.contentVersion,
    });
  }

  private build(name: string, args: SiteImageArgs) {
    const context = {
      directory: args.directory,
      dockerfile: args.dockerfile ?? `${args.directory}/Dockerfile`,
    };
    const missing = findContextProblems(context);
    const misnamed = findSecretProblems(args);
    if (missing.length > 0) this.throwAll([...missing, ...misnamed]);
    const contentVersion = resolveContentVersion(context, args);
    const given = {
      buildArgs: resolveBuildArgs(args, contentVersion),
      buildSecrets: args.buildSecrets ?? {},
    };
    const listing = listContext(context);
    this.throwAll([
      ...misnamed,
      ...findContextSecrets(context, listing),
      ...findFileProblems(context, listing),
      ...(args.skipServerPages ? [] : findServerProblems(context, listing.files)),
      ...findUnusedValues(context.dockerfile, given),
      ...findPrefixProblems(context.dockerfile, args),
      ...(args.isServerChecked ? findOwnServerProblems(context.dockerfile) : []),
    ]);
    const values = resolveBuildValues(context.dockerfile, given);
    const status = readGitStatus(context);
    const revision = findRevision(context, process.env, status, listing);
    this.throwAll(findDirtyProblems(args, revision));
    this.prepare(context, status);
    const sources = {
      ...context,
      buildArgs: values.buildArgs,
      target: args.target,
      platforms: args.platforms ?? [],
    };
    const tag = computeContentTag(sources, listing.files);
    const build: ImageBuild = {
      ...sources,
      buildSecrets: values.buildSecrets,
      cache: args.cache,
      pushTo: formatTag(args.repository, tag),
      registry: parseImageReference(args.repository).registry,
      username: args.username,
      password: markPassword(args.password),
      caCertificate: args.caCertificate ?? readExtraCertificates(),
    };
    const digest = createImage[args.builder ?? defaultBuilder](name, build, this);
    return {
      tag,
      contentVersion,
      revision,
      digest: this.guardSize(digest, args),
    };
  }

  /** Gives the checkout the same file permissions on every machine. */
  private prepare(context: BuildContext, status: GitStatus | undefined): void {
    const failed = normalizeFilePermissions(context, status);
    if (failed.length === 0) return;
    const others = failed.length > 1 ? ` and of ${failed.length - 1} more` : "";
    void pulumi.log.warn(
      `The permissions of \`${context.directory}/${failed[0]}\`${others} differ from those in git and can't be set. Another machine will build the image again. Change the owner of the files to your user.`,
      this,
    );
  }

  /** Returns the digest; an update fails if the image exceeds its budget. */
  private guardSize(digest: pulumi.Output<string>, args: SiteImageArgs): pulumi.Output<string> {
    const { sizeBudgetMiB } = args;
    if (sizeBudgetMiB === undefined) return digest;
    return checkInRegistry(digest, args, this, (reader, built) =>
      findSizeProblem(reader, built, sizeBudgetMiB),
    );
  }

  private throwAll(problems: readonly string[]): void {
    if (problems.length === 0) return;
    const lines = ["The image can't be built:", ...problems.map((problem) => `  - ${problem}`)];
    throw new pulumi.ResourceError(lines.join("\n"), this, true);
  }
}

const createImage = { buildkit: createBuildkitImage, engine: createEngineImage };

/** Gatsby's output is `public`, and a Dockerfile that knows no other needs no argument. */
function resolveBuildArgs(
  { buildArgs, outputDirectory = defaultOutputDirectory }: SiteImageArgs,
  contentVersion: string | undefined,
) {
  return {
    ...(outputDirectory === defaultOutputDirectory ? {} : { [outputArgument]: outputDirectory }),
    ...(contentVersion === undefined ? {} : { [contentVersionArgument]: contentVersion }),
    ...buildArgs,
  };
}

/** A Dockerfile may have lost the argument since the last build. */
function resolveContentVersion(
  { dockerfile }: BuildContext,
  { contentVersion, lastContentVersion }: SiteImageArgs,
): string | undefined {
  if (contentVersion !== undefined) return contentVersion;
  return takesBuildArg(dockerfile, contentVersionArgument) ? lastContentVersion : undefined;
}

function findDirtyProblems({ allowDirty = true, directory }: SiteImageArgs, revision: Revision) {
  if (allowDirty || !revision.dirty) return [];
  return [
    `Files below \`${directory}\` differ from commit ${revision.commit ?? "(none yet)"}, and a production stack releases only what is committed. Commit them, or allow it:\n    pulumi config set allowDirty true`,
  ];
}

function findSecretProblems({ buildSecrets = {} }: SiteImageArgs): string[] {
  const taken = {
    [certificateSecret]: "the id of the certificates that downloads trust",
    [environmentSecret]: "the id of all secrets together",
  };
  return Object.entries(taken)
    .filter(([id]) => id in buildSecrets)
    .map(([id, use]) => `\`buildSecrets\` has \`${id}\`, ${use}. Use another name.`);
}

/** Reads the certificates; like Node, without an error if the file can't be read. */
function readExtraCertificates(): string {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  return file && fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}
