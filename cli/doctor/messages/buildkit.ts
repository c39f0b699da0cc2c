import type { KnownMessage } from "./message";

/** Messages of BuildKit and of the `docker buildx` command. */
export const buildkitMessages: readonly KnownMessage[] = [
  {
    program: "BuildKit",
    message: 'process "<command>" did not complete successfully: exit code: <code>',
    isWrapper: true,
    means: "A `RUN` line of the Dockerfile failed: <command>. The lines above it have the cause.",
    isNot: "a problem of BuildKit or of the registry",
    next: "Give the last lines of that step to `slipway doctor --explain`.",
  },
  {
    program: "BuildKit",
    message: 'failed to calculate checksum of ref <ref>: "<path>": not found',
    also: ['failed to compute cache key: "<path>" not found: not found'],
    means:
      "A COPY line names <path>, which is not in the build's context: it is misspelt, or .dockerignore leaves it out.",
    isNot: "a broken cache",
    next: "Check `siteDirectory` and .dockerignore for <path>.",
  },
  {
    program: "BuildKit",
    message: "failed to read dockerfile: open <file>: no such file or directory",
    means: "The build's folder has no <file>.",
    isNot: "a missing right",
    next: "npx slipway init writes one. Or name it: pulumi config set dockerfile <file>",
  },
  {
    program: "BuildKit",
    message: "failed to resolve source metadata for <image>",
    isWrapper: true,
    means: "The base image <image> can't be read. The end of the line says why.",
    isNot: "a problem of the registry that the site is pushed to, unless the base image is there",
    next: "Give the end of the line to `slipway doctor --explain`. Without access to docker.io name a mirror: pulumi config set --path buildArgs.NODE_IMAGE <image>",
  },
  {
    program: "BuildKit",
    message: "failed to push <image>: unexpected status from <request>: 401 Unauthorized",
    means:
      "The registry refused the push: the credentials are wrong, expired or revoked, or may not push.",
    isNot: "a failed build: the image is complete",
    next: 'Run `slipway doctor`, whose step "Repository" asks for push. A deploy token needs `read_registry` and `write_registry`.',
  },
  {
    program: "BuildKit",
    message: "failed to push <image>: unexpected status from <request>: 403 Forbidden",
    means: "The registry knows the credentials, and they may not push here.",
    isNot: "a wrong password",
    next: "Check the scopes and the project of `credentials.push`, and the project's protection rules.",
  },
  {
    program: "BuildKit",
    message: 'no builder "<name>" found',
    means: "The docker configuration of this machine has no builder <name>.",
    isNot: "a stopped Docker engine",
    next: "docker buildx create --name <name>",
  },
  {
    program: "BuildKit",
    message: "failed to list workers: Unavailable: connection error",
    also: ["listing workers for Build: failed to list workers"],
    means: "The builder's BuildKit is not running or can't be reached.",
    isNot: "a problem of the registry",
    next: "docker buildx inspect --bootstrap <name>",
  },
  {
    program: "BuildKit",
    message: "secret <id>: not found",
    means: "The Dockerfile requires the build secret <id>, which is not set.",
    isNot: "a Kubernetes Secret",
    next: "pulumi config set --secret --path buildSecrets.<id>",
  },
  {
    program: "BuildKit",
    message: "dockerfile parse error on line <line>: <reason>",
    means: "Line <line> of the Dockerfile is not valid: <reason>",
    isNot: "a failed command",
    next: "Fix that line.",
  },
];
