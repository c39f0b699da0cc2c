import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import type { ImageBuild } from "./imageBuild";

/**
 * Builds an image with this machine's Docker engine and pushes it.
 *
 * The engine's provider knows no build secrets, so a private CA does not reach the build.
 *
 * @returns the pushed manifest's digest
 */
export function createEngineImage(
  name: string,
  build: ImageBuild,
  parent: pulumi.Resource,
): pulumi.Output<string> {
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
      imageName: build.target,
      build: {
        context: build.directory,
        dockerfile: build.dockerfile,
        args: build.buildArgs,
        builderVersion: "BuilderBuildKit",
      },
      registry: { server: build.registry, username: build.username, password: build.password },
    },
    { parent, retainOnDelete: true },
  );
  return image.repoDigest.apply((reference) => reference.slice(reference.indexOf("@") + 1));
}
