/** What a tag of a release tells people. */
export const tagKinds = [
  "branch",
  "commit",
  "version",
  "environment",
  "previous",
  "latest",
] as const;

/**
 * `branch`: the branch that it was built from. `commit`: the commit. `version`: the version that was
 * tagged there. `environment`: what a stack runs. `previous`: what it ran before. `latest`: the newest.
 */
export type TagKind = (typeof tagKinds)[number];
