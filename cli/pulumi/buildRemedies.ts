/** Patterns in the log of a failed build, and what to do about them. */
const remedies: readonly [pattern: RegExp, remedy: (match: RegExpExecArray) => string][] = [
  [
    /ERESOLVE|retry this command with --force or --legacy-peer-deps/,
    () =>
      "Two packages ask for different versions of a third. If the site builds on a laptop, commit the `.npmrc` with `legacy-peer-deps=true` that it builds with.",
  ],
  [
    /can only install with an existing package-lock|package\.json and package-lock\.json .*in sync|YN0028|ERR_PNPM_OUTDATED_LOCKFILE|lockfile needs to be updated/,
    () =>
      "The lock file is missing or does not fit package.json. Install the packages on a laptop and commit the lock file.",
  ],
  [
    /gyp ERR!|prebuild-install .*(?:ERR|not found)|node-gyp.*not found|spawn git ENOENT|ERR! .*git: not found/,
    () =>
      "A package has no binary for this system, or comes from git: the slim image has neither a compiler nor git. Use an image that has both: `pulumi config set --path buildArgs.NODE_IMAGE docker.io/library/node:24-bookworm`.",
  ],
  [
    /heap out of memory|exit code: 137|ELIFECYCLE.*137/,
    () =>
      "The build ran out of memory. Give more memory to the builder, and raise Node's limit: `pulumi config set --path buildArgs.NODE_OPTIONS -- --max-old-space-size=4096`.",
  ],
  [
    /(?:npm error code E401|401 Unauthorized|ERR_PNPM_FETCH_401|YN0041)/,
    () =>
      "A registry refused the packages. Set the token that `.npmrc` names: `pulumi config set --secret --path buildSecrets.NPM_TOKEN`.",
  ],
  [
    /Building static HTML failed for path "([^"]+)"/,
    ([, page]) =>
      `The page \`${page}\` can't be rendered without a browser: it reads \`window\` or \`document\` outside of an effect, or fails. \`npm run build\` shows the same on a laptop.`,
  ],
];

/**
 * Says what to do about a build that failed.
 *
 * @param log the end of what the failed step printed
 * @returns undefined if the cause is not a known one
 */
export function findBuildRemedy(log: string): string | undefined {
  for (const [pattern, remedy] of remedies) {
    const match = pattern.exec(log);
    if (match !== null) return remedy(match);
  }
  return undefined;
}
