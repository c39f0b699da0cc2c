import { explain } from "../../../cli/doctor/explain";
import { buildMessages } from "../../../cli/doctor/messages/index";

const lockFile =
  "The lock file is missing or does not fit package.json. Install the packages on a laptop and commit the lock file.";
const image =
  "A package has no binary for this system, or comes from git: the slim image has neither a compiler nor git. Use an image that has both: `pulumi config set --path buildArgs.NODE_IMAGE docker.io/library/node:24-bookworm`.";

const native =
  "A native module has no binary for the system of the image. Leave `buildArgs.IGNORE_SCRIPTS` off. If the lock file was written on another system, delete it and node_modules, install again, and commit it. Keep `**/node_modules` in .dockerignore.";
const memory =
  "The build ran out of memory. Give more memory to the builder, and raise Node's limit: `pulumi config set --path buildArgs.NODE_OPTIONS -- --max-old-space-size=4096`.";

describe("the messages of a build", () => {
  it.each([
    [
      "npm error code EUSAGE\nnpm error The `npm ci` command can only install with an existing package-lock.json",
      lockFile,
    ],
    [
      "npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.",
      lockFile,
    ],
    ["➤ YN0028: │ The lockfile would have been modified by this install", lockFile],
    [
      "error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.",
      lockFile,
    ],
    [
      "npm error code ERESOLVE\nnpm error ERESOLVE could not resolve",
      "Two packages ask for different versions of a third. If the site builds on a laptop, commit the `.npmrc` with `legacy-peer-deps=true` that it builds with.",
    ],
    ["npm error gyp ERR! find Python", image],
    [
      "npm error command failed\nnpm error command sh -c (node install/libvips && node install/dll-copy && prebuild-install) || (node install/can-compile && node-gyp rebuild && node install/dll-copy)\nnpm error sharp: Installation error: getaddrinfo ENOTFOUND github.com",
      'Let the builder reach github.com. Or take a newer sharp, whose binary comes from the package registry: `"overrides": { "sharp": "^0.34.0" }` in package.json (`resolutions` for Yarn), install, and commit the lock file.',
    ],
    [
      "npm error syscall spawn git\nnpm error enoent An unknown git error occurred: spawn git ENOENT",
      image,
    ],
    [
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "The build ran out of memory. Give more memory to the builder, and raise Node's limit: `pulumi config set --path buildArgs.NODE_OPTIONS -- --max-old-space-size=4096`.",
    ],
    [
      "npm error code E401\nnpm error Incorrect or missing password.",
      "A registry refused the packages. Set the token that `.npmrc` names: `pulumi config set --secret --path buildSecrets.NPM_TOKEN`.",
    ],
    [
      ' ERROR #95313\n\nBuilding static HTML failed for path "/about/"\n\n  WebpackError: ReferenceError: window is not defined',
      "The page `/about/` can't be rendered without a browser: it reads `window` or `document` outside of an effect, or fails. `npm run build` shows the same on a laptop.",
    ],
    ['Error: Could not load the "sharp" module using the linux-x64 runtime', native],
    [
      "Something went wrong installing the \"sharp\" module\n\nCannot find module '../build/Release/sharp-linux-x64.node'",
      native,
    ],
    [
      "Error: No prebuild or local build of @parcel/watcher found. Tried @parcel/watcher-linux-x64-glibc.",
      native,
    ],
    [
      "The module '/site/node_modules/msgpackr-extract/build/Release/extract.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108.",
      native,
    ],
    ["npm error command failed\nnpm error signal SIGKILL", memory],
    [
      'failed to solve: process "/bin/sh -c npm run build" did not complete successfully: exit code: 137',
      memory,
    ],
    ["error: something else", undefined],
  ])("explain %j", (log, remedy) => {
    expect(explain(log, buildMessages)?.next).toBe(remedy);
  });
});
