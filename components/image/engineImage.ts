import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { createUpdateError } from "../errors";
import { findEngineLimits } from "./engineLimits";
import type { ImageBuild } from "./imageBuild";
import { parseImageReference } from "./imageReference";

/**
 * Builds an image with this machine's Docker engine and pushes it.
 *
 * Not tried against the official plugin here, and not reproducible: its layers bear the time of the build.
 *
 * @returns the pushed manifest's digest
 * @throws pulumi.ResourceError when it is asked for what the engine's provider can't do
 */
export function createEngineImage(
  name: string,
  build: ImageBuild,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const limits = findEngineLimits({
    buildSecrets: Object.keys(build.buildSecrets),
    cache: build.cache !== undefined,
    platforms: build.platforms,
    tags: [],
  });
  if (limits.length > 0) {
    const lines = limits.map(({ reason, subject }) => `  - \`${subject}\`: it ${reason}`);
    throw new pulumi.ResourceError(
      [
        '`builder` is "engine", which can\'t do all that is asked of it. Use "buildkit", or leave out:',
        ...lines,
      ].join("\n"),
      parent,
      true,
    );
  }
  if (build.caCertificate !== "") {
    void pulumi.log.warn(
      '`builder` is "engine", which can\'t hand the CA of NODE_EXTRA_CA_CERTS to the build. Use "buildkit" if its downloads need it.',
      parent,
    );
  }
  // Who builds with BuildKit never loads this package, and a constructor can't await an import.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Image } = require("@pulumi/docker") as typeof docker;
  const image = new Image(
    name,
    {
      imageName: build.pushTo,
      build: {
        context: build.directory,
        dockerfile: build.dockerfile,
        args: build.buildArgs,
        target: build.target,
        platform: build.platforms[0],
        builderVersion: "BuilderBuildKit",
      },
      registry: { server: build.registry, username: build.username, password: build.password },
    },
    { parent, retainOnDelete: true },
  );
  return image.repoDigest.apply((reference) => {
    const { digest } = parseImageReference(reference);
    if (digest !== undefined) return digest;
    if (pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as string;
    throw createUpdateError(`The Docker engine returned no digest of \`${reference}\`.`, parent);
  });
}
