import type { KnownMessage } from "./message";

const lockFile =
  "The lock file is missing or does not fit package.json. Install the packages on a laptop and commit the lock file.";
const fullImage =
  "A package has no binary for this system, or comes from git: the slim image has neither a compiler nor git. Use an image that has both: `pulumi config set --path buildArgs.NODE_IMAGE docker.io/library/node:24-bookworm`.";
const token =
  "A registry refused the packages. Set the token that `.npmrc` names: `pulumi config set --secret --path buildSecrets.NPM_TOKEN`.";
const notTheSite = "a mistake in the site: no code of it has run yet";

/** Messages of npm, Yarn and pnpm in a build. */
export const packageMessages: readonly KnownMessage[] = [
  {
    program: "npm",
    message: "ERESOLVE",
    also: ["retry this command with --force or --legacy-peer-deps"],
    means: "Two packages want versions of a third that exclude each other.",
    isNot: notTheSite,
    next: "Two packages ask for different versions of a third. If the site builds on a laptop, commit the `.npmrc` with `legacy-peer-deps=true` that it builds with.",
  },
  {
    program: "npm",
    message: "can only install with an existing package-lock",
    also: ["package.json and package-lock.json <more> in sync"],
    means:
      "`npm ci` installs exactly what the lock file says, and there is none, or it says something else than package.json.",
    isNot: notTheSite,
    next: lockFile,
    provokedBy: "test/cli/doctor/provoked.test.ts",
  },
  {
    program: "Yarn, pnpm",
    message: "YN0028",
    also: ["ERR_PNPM_OUTDATED_LOCKFILE", "lockfile needs to be updated"],
    means: "The lock file would have to change, which a build does not do.",
    isNot: notTheSite,
    next: lockFile,
  },
  {
    program: "npm",
    message: "gyp ERR!",
    also: [
      "node-gyp<more>not found",
      "prebuild-install <more>not found",
      "prebuild-install <more>ERR",
    ],
    means: "A package has to be compiled, and the image has no compiler.",
    isNot: notTheSite,
    next: fullImage,
  },
  {
    program: "npm, Yarn, pnpm",
    message: "sharp: Installation error: <reason>",
    means:
      "sharp before 0.33 downloads its binary from GitHub when it is installed, and the build can't: <reason>.",
    isNot: notTheSite,
    next: 'Let the builder reach github.com. Or take a newer sharp, whose binary comes from the package registry: `"overrides": { "sharp": "^0.34.0" }` in package.json (`resolutions` for Yarn), install, and commit the lock file.',
  },
  {
    program: "npm",
    message: "spawn git ENOENT",
    also: ["ERR! <more>git: not found"],
    means: "A dependency comes from a git repository, and the image has no git.",
    isNot: notTheSite,
    next: fullImage,
  },
  {
    program: "npm",
    message: "npm error code E401",
    also: [
      "npm error 401 Unauthorized",
      "npm ERR! 401 Unauthorized",
      'Request failed "401 Unauthorized"',
    ],
    means: "The package registry wants a login, or refuses the token.",
    isNot: "a problem of the container registry",
    next: token,
    provokedBy: "test/cli/doctor/provoked.test.ts",
  },
  {
    program: "Yarn, pnpm",
    message: "ERR_PNPM_FETCH_401",
    also: ["YN0041"],
    means: "The package registry wants a login, or refuses the token.",
    isNot: "a problem of the container registry",
    next: token,
  },
  {
    program: "npm",
    message: "npm error code E404",
    means: "The package registry does not have the package, or hides a private one.",
    isNot: "a missing page of the site",
    next: "Check the name, and that `.npmrc` sends the package's scope to the registry that has it.",
    provokedBy: "test/cli/doctor/provoked.test.ts",
  },
  {
    program: "npm",
    message: "npm error code EINTEGRITY",
    means:
      "A package's content is not the one that the lock file knows: a mirror changed it, or it was published again.",
    isNot: "a missing package",
    next: "Check the registry of `.npmrc`. If its content is right: delete the entry from the lock file, npm install, and commit it.",
  },
  {
    program: "npm",
    message: "SELF_SIGNED_CERT_IN_CHAIN",
    also: [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
    means: "Node does not trust the CA of the package registry or of a proxy that inspects TLS.",
    isNot: "a wrong token",
    next: "pulumi config set caCertificate <file>: the build trusts it too. A Dockerfile of your own has to take it: RUN --mount=type=secret,id=ca NODE_EXTRA_CA_CERTS=/run/secrets/ca npm ci",
    provokedBy: "test/cli/doctor/provoked.test.ts",
  },
  {
    program: "npm",
    message: "npm error code ECONNREFUSED",
    also: [
      "npm error code ETIMEDOUT",
      "npm error code ENOTFOUND",
      "npm error code ECONNRESET",
      "npm error code EAI_AGAIN",
    ],
    means: "npm did not reach the package registry.",
    isNot: "a missing package",
    next: "Check the network of the builder, and name its proxy: pulumi config set --path buildArgs.HTTPS_PROXY <url>",
    provokedBy: "test/cli/doctor/provoked.test.ts",
  },
  {
    program: "npm",
    message: "EBADENGINE",
    means: "A package wants another version of Node than the image has.",
    isNot: "always an error: npm only warns, unless `engine-strict` is set",
    next: "pulumi config set --path buildArgs.NODE_IMAGE docker.io/library/node:<version>-slim",
  },
];
