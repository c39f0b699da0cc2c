import type { KnownMessage } from "./message";

/** Messages of Node and Gatsby in a build. */
export const siteMessages: readonly KnownMessage[] = [
  {
    program: "Node.js, BuildKit",
    message: "JavaScript heap out of memory",
    also: [
      "heap out of memory",
      "exit code: 137",
      "ELIFECYCLE<more>137",
      "npm error signal SIGKILL",
      "ERR_WORKER_OUT_OF_MEMORY",
    ],
    means: "The build needed more memory than Node or the builder gave it.",
    isNot: "a mistake in a page",
    next: "The build ran out of memory. Give more memory to the builder, and raise Node's limit: `pulumi config set --path buildArgs.NODE_OPTIONS -- --max-old-space-size=4096`.",
    provokedBy: "test/cli/doctor/provoked.test.ts",
  },
  {
    program: "Node.js",
    message: 'Could not load the "<module>" module using the <system> runtime',
    also: [
      'Something went wrong installing the "<module>" module',
      "No prebuild or local build of <module> found",
      "Cannot find module @rollup/rollup-linux",
      "Cannot find module '@rollup/rollup-linux",
      "was compiled against a different Node.js version",
      "invalid ELF header",
    ],
    means: "A native module has no binary for the system of the image.",
    isNot: "a mistake in a page",
    next: "A native module has no binary for the system of the image. Leave `buildArgs.IGNORE_SCRIPTS` off. If the lock file was written on another system, delete it and node_modules, install again, and commit it. Keep `**/node_modules` in .dockerignore.",
  },
  {
    program: "Gatsby",
    message: 'Building static HTML failed for path "<page>"',
    means: "The page <page> could not be rendered without a browser.",
    isNot: "a problem of the image",
    next: "The page `<page>` can't be rendered without a browser: it reads `window` or `document` outside of an effect, or fails. `npm run build` shows the same on a laptop.",
  },
  {
    program: "Gatsby",
    message: 'Cannot query field "<field>" on type "<type>"',
    means:
      "A query asks for a field that Gatsby's data does not have: content is missing in the build, or a plugin is.",
    isNot: "a problem of the registry",
    next: "If the content comes from a CMS, the build needs its address and token: pulumi config set --secret --path buildSecrets.<name>",
  },
  {
    program: "Gatsby",
    message: 'Couldn\'t find the "<plugin>" plugin declared in "<file>"',
    also: [
      'There was a problem loading plugin "<plugin>"',
      "There was a problem loading the local plugin",
    ],
    means:
      "The plugin is not installed in the build: it is missing in package.json or its folder is left out of the context.",
    isNot: "a mistake of the plugin",
    next: "Add it to `dependencies`, commit the lock file, and check .dockerignore for `plugins/`.",
  },
  {
    program: "Gatsby",
    message: "Module not found: Error: Can't resolve '<module>'",
    also: ["Can't resolve '<module>' in '<folder>'"],
    means:
      "The code imports <module>, which is not in the build: it is not installed, not in the context, or its case differs.",
    isNot: "a problem of the registry",
    next: "Check the spelling with its capitals, package.json and .dockerignore.",
  },
  {
    program: "Node.js",
    message: "Cannot find module '<module>'",
    means: "A program of the build requires <module>, which is not installed.",
    isNot: "a damaged image",
    next: "Add it to package.json, and commit the lock file.",
    provokedBy: "test/cli/doctor/provoked.test.ts",
  },
  {
    program: "Node.js",
    message: "gatsby: not found",
    also: ["gatsby: command not found"],
    means: "Gatsby is not installed in the build's folder.",
    isNot: "a missing program of the image",
    next: "Add `gatsby` to `dependencies`. In a workspace set `siteDirectory` to the folder of the site.",
  },
  {
    program: "Node.js",
    message: "error:0308010C:digital envelope routines::unsupported",
    means: "An old webpack uses a hash that newer Nodes do not allow.",
    isNot: "a problem of TLS",
    next: "Update Gatsby to version 5, or: pulumi config set --path buildArgs.NODE_OPTIONS -- --openssl-legacy-provider",
  },
];
