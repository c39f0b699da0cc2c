import * as fs from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import type { BuildContext } from "./buildContext";
import { findUnusedValues, outputArgument, resolveBuildValues } from "./buildEnvironment";
import { createBuildkitImage } from "./buildkitImage";
import { computeContentTag } from "./contentTag";
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
  type ImageBuilder,
  type ImagePlatform,
} from "./imageBuild";
import { formatDigest, formatTag, parseImageReference } from "./imageReference";
import { checkInRegistry } from "../registry/registryCheck";
import { findRevision, formatCommit, type Revision } from "./revision";
import { findSizeProblem } from "./sizeBudget";
import { normalizeFilePermissions } from "./filePermissions";

/** Arguments for {@link SiteImage}. */
export interface SiteImageArgs {
  /**
   * Image repository with its registry, without tag, e.g. `gitlab.example.com:5050/web/gatsby-site`. Each
   * image of a program has its own.
   */
  readonly repository: string;

  /** User name to push with. Must stay the same, or the image is built again. */
  readonly username: pulumi.Input<string>;

  /** Password to push with. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;

  /** Folder of the site: the build's context. Relative to the program, for the same state everywhere. */
  readonly directory: string;

  /**
   * Folder below the site's in which the build leaves the pages: build argument `OUTPUT_DIRECTORY`.
   *
   * @default "public", Gatsby's own
   */
  readonly outputDirectory?: string;

  /**
   * Path of the Dockerfile.
   *
   * @default "Dockerfile" in `directory`
   */
  readonly dockerfile?: string;

  /**
   * Build arguments, such as the base images. They stay readable in the image: never put a secret there.
   * Those that the Dockerfile does not name become variables of the site's build if it has the argument
   * `BUILD_ENV`, as Slipway's own has, and are refused otherwise.
   *
   * @default {}
   */
  readonly buildArgs?: Readonly<Record<string, string>>;

  /**
   * Build secrets by id, for `RUN --mount=type=secret,id=...`; in Slipway's own Dockerfile they are variables
   * of the install and the build. They are treated as secrets even if passed as plain strings, and do not
   * become part of the image; another value rebuilds nothing. `ca` and `env` are taken.
   *
   * @default {}
   */
  readonly buildSecrets?: Readonly<Record<string, pulumi.Input<string>>>;

  /**
   * Stage of the Dockerfile that is the image.
   *
   * @default the last one
   */
  readonly target?: string;

  /**
   * Platforms to build for. Name them where images are built on machines with different processors: what
   * is built for another platform has another digest.
   *
   * @default [], the platform of the builder
   */
  readonly platforms?: readonly ImagePlatform[];

  /**
   * What builds the image.
   *
   * @default "buildkit"
   */
  readonly builder?: ImageBuilder;

  /**
   * Reference in the registry that layers are kept under for the next build, on whichever machine. It must
   * stay the same, and be no other image's.
   *
   * @default none: only the builder keeps layers
   */
  readonly cache?: string;

  /**
   * Whether to build from files that differ from the commit.
   *
   * @default true
   */
  readonly allowDirty?: boolean;

  /**
   * Most that the image's compressed layers may have, in MiB, on each platform. An image that has more is
   * not deployed.
   *
   * @default none: any size
   */
  readonly sizeBudgetMiB?: number;

  /**
   * Certificates that the build's downloads trust beside the usual ones, as PEM. The Dockerfile reads them
   * as build secret `ca`; they never become part of the image.
   *
   * @default the file that the environment's `NODE_EXTRA_CA_CERTS` names
   */
  readonly caCertificate?: string;
}

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

  /** The revision that it was built from, known before anything runs. */
  public readonly revision: Revision;

  constructor(name: string, args: SiteImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:SiteImage", name, {}, opts);

    const { digest, revision, tag } = this.build(name, args);
    this.revision = revision;
    this.digest = digest;
    this.reference = digest.apply((known) => formatDigest(args.repository, known));
    this.tags = pulumi.output([tag]);
    this.commit = pulumi.output(formatCommit(revision));
    this.version = pulumi.output(revision.version ?? "");
    this.registerOutputs({
      digest: this.digest,
      reference: this.reference,
      tags: this.tags,
      commit: this.commit,
      version: this.version,
    });
  }

  private build(name: string, args: SiteImageArgs) {
    const context = {
      directory: args.directory,
      dockerfile: args.dockerfile ?? `${args.directory}/Dockerfile`,
    };
    const given = { buildArgs: resolveBuildArgs(args), buildSecrets: args.buildSecrets ?? {} };
    const missing = findContextProblems(context);
    const misnamed = findSecretProblems(args);
    if (missing.length > 0) this.throwAll([...missing, ...misnamed]);
    const listing = listContext(context);
    this.throwAll([
      ...misnamed,
      ...findContextSecrets(context, listing),
      ...findFileProblems(context, listing),
      ...findUnusedValues(context.dockerfile, given),
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
      password: pulumi.secret(args.password),
      caCertificate: args.caCertificate ?? readExtraCertificates(),
    };
    const digest = createImage[args.builder ?? defaultBuilder](name, build, this);
    return {
      tag,
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
function resolveBuildArgs({ buildArgs, outputDirectory = defaultOutputDirectory }: SiteImageArgs) {
  return {
    ...(outputDirectory === defaultOutputDirectory ? {} : { [outputArgument]: outputDirectory }),
    ...buildArgs,
  };
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
