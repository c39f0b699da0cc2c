import * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";

import { certificateSecret, type ImageBuild } from "./imageBuild";
import { createUpdateError } from "../errors";

/** Name of the buildx builder that images are built with. Constant, because another one would rebuild. */
const builderName = "slipway";

/**
 * Builds an image with BuildKit and pushes it.
 *
 * Everything here is the same on every machine and for every commit, so that only other files give another
 * image, and the same files always the same digest.
 *
 * @returns the pushed index's digest; unknown in a preview that would build
 */
export function createBuildkitImage(
  name: string,
  build: ImageBuild,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const image = new docker_build.Image(
    name,
    {
      context: { location: build.directory },
      dockerfile: { location: build.dockerfile },
      buildArgs: {
        ...build.buildArgs,
        // One image for one platform is pushed as an index too: tags for people are indexes over it, and
        // an index of an index keeps the digest.
        BUILDKIT_MULTI_PLATFORM: "1",
        // With `rewrite-timestamp`: no file's time depends on when or where it was built. Constant, since
        // layers out of a cache keep the time that they were made with.
        SOURCE_DATE_EPOCH: "0",
      },
      target: build.target,
      platforms: build.platforms.length > 0 ? [...build.platforms] : undefined,
      secrets: { ...build.buildSecrets, [certificateSecret]: build.caCertificate },
      // Another CA, or a token that was renewed, must not rebuild a site that is the same.
      ignoreSecretsInDiffCalculation: [certificateSecret, ...Object.keys(build.buildSecrets)],
      ...describeCache(build.cache),
      tags: [build.pushTo],
      // `push: true` would add a second export, without these attributes.
      push: false,
      exports: [
        {
          raw: [
            "type=registry",
            `name=${build.pushTo}`,
            "push=true",
            "rewrite-timestamp=true",
            "oci-mediatypes=true",
          ].join(","),
        },
      ],
      registries: [{ address: build.registry, username: build.username, password: build.password }],
      builder: { name: builderName },
      // Nor is anything pushed in a preview, the cache included: the plugin returns before that.
      buildOnPreview: false,
    },
    // Deleting goes by digest, and other stacks may run the same one.
    { parent, retainOnDelete: true },
  );
  return image.digest.apply((digest) => resolveDigest(digest, build.pushTo, parent));
}

/** Layers of all stages, since the one with the installed packages is none of the image's own. */
function describeCache(ref: string | undefined): Partial<docker_build.ImageArgs> {
  if (ref === undefined) return {};
  return {
    cacheFrom: [{ registry: { ref } }],
    cacheTo: [
      {
        registry: {
          ref,
          mode: docker_build.CacheMode.Max,
          // A manifest as images have it, which GitLab can list and clean up.
          imageManifest: true,
          ociMediaTypes: true,
          // The image is pushed by then: to lose what the next build would save is no reason to fail.
          ignoreError: true,
        },
      },
    ],
  };
}

/**
 * The digest that a build ended with. A preview is told an empty one when it would build: then it is
 * unknown, so that what depends on it does not look decided.
 */
export function resolveDigest(digest: string, target: string, image?: pulumi.Resource): string {
  if (digest !== "") return digest;
  if (pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as string;
  throw createUpdateError(
    `The build of \`${target}\` ended without a digest: nothing was pushed. Check that the builder \`${builderName}\` can push images.`,
    image,
  );
}
