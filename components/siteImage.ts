import * as fs from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import { createBuildkitImage } from "./buildkitImage";
import { computeContentTag } from "./contentTag";
import { createEngineImage } from "./engineImage";
import type { ImageBuild, ImageBuilder } from "./imageBuild";
import { findRevision } from "./revision";

/** Arguments for {@link SiteImage}. */
export interface SiteImageArgs {
  /** Image repository with its registry, without tag, e.g. `gitlab.example.com:5050/web/gatsby-site`. */
  readonly repository: string;

  /** User name to push with. Must stay the same, or the image is built again. */
  readonly username: pulumi.Input<string>;

  /** Password to push with. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;

  /** Folder of the site: the build's context. Relative to the program, for the same state everywhere. */
  readonly directory: string;

  /**
   * Path of the Dockerfile.
   *
   * @default "Dockerfile" in `directory`
   */
  readonly dockerfile?: string;

  /**
   * Build arguments, such as the base images. They stay readable in the image: never put a secret there.
   *
   * @default {}
   */
  readonly buildArgs?: Record<string, string>;

  /**
   * What builds the image.
   *
   * @default "buildkit"
   */
  readonly builder?: ImageBuilder;

  /**
   * Certificates that the build's downloads trust beside the usual ones, as PEM. The Dockerfile reads them
   * as build secret `ca`; they never become part of the image.
   *
   * @default the file that the environment's `NODE_EXTRA_CA_CERTS` names
   */
  readonly caCertificate?: string;

  /**
   * Digest of an image that exists already, `sha256:...`. Then nothing is built.
   *
   * @default none: the image is built
   */
  readonly digest?: string;
}

/**
 * The image of a site, built from its folder and pushed, or one that was built before.
 *
 * A preview builds nothing: after a change the digest is unknown until the update.
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

  /** Tags under which it was pushed; none when it was not built here. */
  public readonly tags: pulumi.Output<string[]>;

  /** Commit that it was built from; empty where that is not known. */
  public readonly commit: pulumi.Output<string>;

  /** Version tag of that commit; empty where it has none. */
  public readonly version: pulumi.Output<string>;

  constructor(name: string, args: SiteImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:SiteImage", name, {}, opts);

    const built = args.digest === undefined ? this.build(name, args) : undefined;
    const revision = built && findRevision(args.directory);
    this.digest = built?.digest ?? pulumi.output(args.digest ?? "");
    this.reference = pulumi.interpolate`${args.repository}@${this.digest}`;
    this.tags = pulumi.output(built ? [built.tag] : []);
    this.commit = pulumi.output(revision?.commit ?? "");
    this.version = pulumi.output(revision?.version ?? "");
    this.registerOutputs({
      digest: this.digest,
      reference: this.reference,
      tags: this.tags,
      commit: this.commit,
      version: this.version,
    });
  }

  private build(name: string, args: SiteImageArgs) {
    const dockerfile = args.dockerfile ?? `${args.directory}/Dockerfile`;
    const missing = [args.directory, dockerfile].filter((path) => !fs.existsSync(path));
    if (missing.length > 0) {
      throw new pulumi.ResourceError(
        `The image can't be built: there is no ${missing.map((path) => `\`${path}\``).join(" and no ")}. Paths are relative to the folder of Pulumi.yaml.`,
        this,
        true,
      );
    }
    const buildArgs = args.buildArgs ?? {};
    const tag = computeContentTag({ directory: args.directory, dockerfile, buildArgs });
    const build: ImageBuild = {
      directory: args.directory,
      dockerfile,
      buildArgs,
      target: `${args.repository}:${tag}`,
      registry: args.repository.split("/", 1)[0],
      username: args.username,
      password: pulumi.secret(args.password),
      caCertificate: args.caCertificate ?? readExtraCertificates(),
    };
    return { tag, digest: createImage[args.builder ?? "buildkit"](name, build, this) };
  }
}

const createImage = { buildkit: createBuildkitImage, engine: createEngineImage };

/** As Node does, a file that can't be read counts as none. */
function readExtraCertificates(): string {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  return file && fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}
