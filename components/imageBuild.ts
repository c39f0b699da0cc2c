import type * as pulumi from "@pulumi/pulumi";

/** Programs that can build an image. */
export const imageBuilders = ["buildkit", "engine"] as const;

/**
 * `buildkit`: BuildKit through buildx's builder `slipway`; needs no Docker engine.
 * `engine`: the Docker engine of this machine, for hosts that have nothing else.
 */
export type ImageBuilder = (typeof imageBuilders)[number];

/** One image to build and push: what every builder is given. */
export interface ImageBuild {
  /** Folder that is the build's context. */
  readonly directory: string;

  /** Path of the Dockerfile. */
  readonly dockerfile: string;

  /** Build arguments. */
  readonly buildArgs: Record<string, string>;

  /** Where to push, `repository:tag`. */
  readonly target: string;

  /** Registry of `target`, `host[:port]`. */
  readonly registry: string;

  /** User name to push with. */
  readonly username: pulumi.Input<string>;

  /** Password to push with. */
  readonly password: pulumi.Input<string>;

  /** Certificates that the build's own downloads trust beside the usual ones, as PEM; may be empty. */
  readonly caCertificate: string;
}
