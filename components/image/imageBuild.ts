import type * as pulumi from "@pulumi/pulumi";

import type { BuildContext } from "./buildContext";

/** Programs that can build an image. */
export const imageBuilders = ["buildkit", "engine"] as const;

/**
 * `buildkit`: BuildKit through buildx's builder `slipway`; needs no Docker engine.
 * `engine`: the Docker engine of this machine, for hosts that have nothing else.
 *
 * @useDeclaredType
 */
export type ImageBuilder = (typeof imageBuilders)[number];

/** Builder that is used by default. */
export const defaultBuilder: ImageBuilder = "buildkit";

/** Folder below the site's in which a build leaves the pages by default: Gatsby's own. */
export const defaultOutputDirectory = "public";

/** Processors that an image can be for, all with Linux, as containers are named. */
export const imagePlatforms = [
  "linux/amd64",
  "linux/arm64",
  "linux/arm",
  "linux/386",
  "linux/ppc64le",
  "linux/riscv64",
  "linux/s390x",
] as const;

/**
 * A platform that an image can be built for.
 *
 * @useDeclaredType
 */
export type ImagePlatform = (typeof imagePlatforms)[number];

/** Id of the build secret that holds certificates; no other secret can have it. */
export const certificateSecret = "ca";

/**
 * Id of the build secret that holds all others as a shell's assignments, for Dockerfiles that are not written
 * for one site: `RUN --mount=type=secret,id=env`. No other secret can have it.
 */
export const environmentSecret = "env";

/** One image to build and push, for any builder. */
export interface ImageBuild extends BuildContext {
  /** Build arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;

  /** Build secrets by id, without the certificates. */
  readonly buildSecrets: Readonly<Record<string, pulumi.Input<string>>>;

  /** Stage of the Dockerfile that is the image; the last one if undefined. */
  readonly target?: string;

  /** Platforms to build for; the builder's own if there is none. */
  readonly platforms: readonly ImagePlatform[];

  /** Reference that layers are kept under, for builders that have none; none are kept if undefined. */
  readonly cache?: string;

  /** Where to push, `repository:tag`. */
  readonly pushTo: string;

  /** Registry of `pushTo`, `host[:port]`. */
  readonly registry: string;

  /** User name to push with. */
  readonly username: pulumi.Input<string>;

  /** Password to push with. */
  readonly password: pulumi.Input<string>;

  /** Certificates that the build's own downloads trust beside the usual ones, as PEM; may be empty. */
  readonly caCertificate: string;
}
