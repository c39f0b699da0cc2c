import { shortCommitLength } from "../release/tagNames";
import { versionPattern } from "./revision";

/** A commit that a pipeline runs for because it was given a version. */
export interface TaggedCommit {
  /** The version, such as `v1.2.3`. */
  readonly version: string;

  /** Full commit id. */
  readonly commit: string;

  /** Tag of what was built from the commit: its short id. */
  readonly tag: string;
}

/**
 * The version that a GitLab pipeline releases; undefined in every other one, and outside of pipelines.
 *
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function findTaggedCommit(env: NodeJS.ProcessEnv = process.env): TaggedCommit | undefined {
  const { CI_COMMIT_SHA: commit, CI_COMMIT_TAG: version } = env;
  if (!commit || !version || !versionPattern.test(version)) return undefined;
  return { version, commit, tag: commit.slice(0, shortCommitLength) };
}
