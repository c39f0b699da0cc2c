import * as path from "node:path";

import { type BuildContext, listIgnoreFiles, readIgnoreRules } from "./buildContext";
import { type ContextListing, listContext } from "./contextListing";
import { type GitStatus, listTagsOfHead, readGitStatus } from "./gitCheckout";

/** The point in a repository's history that an image was built from. Unknown parts are undefined. */
export interface Revision {
  /** Full commit id. */
  readonly commit?: string;

  /** Whether files that go into the image differ from that commit. */
  readonly dirty: boolean;

  /** Branch that was built; undefined if a tag or a single commit was built. */
  readonly branch?: string;

  /** Version tag of that commit, e.g. `v1.2.3`. */
  readonly version?: string;
}

/**
 * A version: `v` and three numbers, perhaps a candidate's name, as Semantic Versioning has them. The dots
 * tell it from every branch's slug.
 */
export const versionPattern = /^v\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;

/** Length of the commit id in a tag, in characters: that of GitLab's `CI_COMMIT_SHORT_SHA`. */
export const shortCommitLength = 8;

/** The commit of a pipeline that runs for a version tag. */
export interface TaggedCommit {
  /** The version, such as `v1.2.3`. */
  readonly version: string;

  /** Full commit id. */
  readonly commit: string;

  /** Tag of the image that was built from the commit: its short id. */
  readonly tag: string;
}

/**
 * Finds the revision that an image is built from: from the variables of a GitLab pipeline, otherwise from git.
 *
 * Only files that the build reads make it dirty, so not the stack's configuration.
 *
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function findRevision(
  context: BuildContext,
  env: NodeJS.ProcessEnv = process.env,
  status = readGitStatus(context),
  listing = listContext(context),
): Revision {
  const dirty = status !== undefined && isDirty(status, context, listing);
  if (env.CI_COMMIT_SHA) {
    return {
      commit: env.CI_COMMIT_SHA,
      dirty,
      branch: findPipelineBranch(env),
      version: [env.CI_COMMIT_TAG ?? ""].find((tag) => versionPattern.test(tag)),
    };
  }
  return {
    commit: status?.commit,
    dirty,
    branch: status?.branch,
    version: listTagsOfHead(context.directory).find((tag) => versionPattern.test(tag)),
  };
}

/** End of a commit's id if files differed from the commit. */
export const dirtySuffix = "-dirty";

/** Formats the commit of a revision, with `-dirty` if files differ from it; empty if it is unknown. */
export function formatCommit({ commit, dirty }: Revision): string {
  return commit === undefined ? "" : commit + (dirty ? dirtySuffix : "");
}

/** Whether a commit, as {@link formatCommit} formats it, says that files differed from it. */
export function isDirtyCommit(commit: string): boolean {
  return commit.endsWith(dirtySuffix);
}

/** The id of a commit alone, as git knows it. */
export function removeDirtySuffix(commit: string): string {
  return isDirtyCommit(commit) ? commit.slice(0, -dirtySuffix.length) : commit;
}

/**
 * Finds the version that a GitLab pipeline releases; undefined in other pipelines and outside of pipelines.
 *
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function findTaggedCommit(env: NodeJS.ProcessEnv = process.env): TaggedCommit | undefined {
  const { CI_COMMIT_SHA: commit, CI_COMMIT_TAG: version } = env;
  if (!commit || !version || !versionPattern.test(version)) return undefined;
  return { version, commit, tag: commit.slice(0, shortCommitLength) };
}

/**
 * Finds the branch of a pipeline; for a merge request, its source branch. The branch of a fork does not count: it
 * may have the name of a branch of this project.
 */
function findPipelineBranch(env: NodeJS.ProcessEnv): string | undefined {
  if (env.CI_COMMIT_BRANCH) return env.CI_COMMIT_BRANCH;
  const isFork = env.CI_MERGE_REQUEST_SOURCE_PROJECT_PATH !== env.CI_MERGE_REQUEST_PROJECT_PATH;
  return isFork ? undefined : env.CI_MERGE_REQUEST_SOURCE_BRANCH_NAME || undefined;
}

/** Files that git ignores count too, if the build reads them: they are in the image, and in no commit. */
function isDirty(
  status: GitStatus,
  context: BuildContext,
  { files, tracked }: ContextListing,
): boolean {
  if (files.some((file) => !tracked.has(file))) return true;
  const rules = readIgnoreRules(context);
  const always = [context.dockerfile, ...listIgnoreFiles(context)].map((file) =>
    path.posix.relative(context.directory, file),
  );
  return [...status.changed.keys()].some((file) => always.includes(file) || !rules.ignores(file));
}
