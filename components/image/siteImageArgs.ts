import type * as pulumi from "@pulumi/pulumi";

import type { ImageBuilder, ImagePlatform } from "./imageBuild";

/** Arguments of `SiteImage`. */
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
   * Version of what the build fetches from elsewhere, such as a CMS; see `readContentVersion`. A new one builds
   * the image again, from the build argument `CONTENT_VERSION` on, which the Dockerfile must name.
   *
   * @default `lastContentVersion`
   */
  readonly contentVersion?: string;

  /**
   * The version that the last image was built with; see `readLastUpdate`. Without effect in a Dockerfile that
   * does not name `CONTENT_VERSION`.
   *
   * @default none
   */
  readonly lastContentVersion?: string;

  /**
   * Whether to build a site although it has pages that a server renders or that are deferred, or functions. The
   * image serves files alone, without them.
   *
   * @default false: they are refused, by name
   */
  readonly skipServerPages?: boolean;

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

  /**
   * Path below which the pages are to be served, such as `/docs`. A Dockerfile whose `ARG PATH_PREFIX` says another is
   * refused.
   *
   * @default none: whatever the Dockerfile says
   */
  readonly pathPrefix?: string;

  /**
   * Whether to refuse an image that ends in the official nginx with its own configuration, because its pods are those
   * for Slipway's.
   *
   * @default false
   */
  readonly isServerChecked?: boolean;
}
