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
        // One image for one platform is pushed as an index too: human-readable tags are indexes over it,
        // and an index of an index keeps the digest.
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

/** Caches all stages: the layer with the installed packages is not part of the final image. */
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
          // The image is pushed by then. A cache that could not be written only slows the next build.
          ignoreError: true,
        },
      },
    ],
  };
}

/**
 * Returns the digest of a build. In a preview the plugin returns an empty digest if it would build; it becomes
 * unknown, so that nothing that depends on it looks decided.
 */
export function resolveDigest(digest: string, target: string, image?: pulumi.Resource): string {
  if (digest !== "") return digest;
  if (pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as string;
  throw createUpdateError(
    `The build of \`${target}\` ended without a digest: nothing was pushed. Check that the builder \`${builderName}\` can push images.`,
    image,
  );
}
