import { dirtySuffix, type Revision, shortCommitLength } from "../image/revision";

/** Kinds of human-readable tags. */
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
 *
 * @useDeclaredType
 */
export type TagKind = (typeof tagKinds)[number];

/** Kinds that a stack's configuration chooses from; `previous` goes with `environment`. */
export const configurableTagKinds = [
  "branch",
  "commit",
  "version",
  "environment",
  "latest",
] as const;

/** Default kinds of tags. */
export const defaultTagKinds: readonly TagKind[] = ["branch", "commit", "version", "environment"];

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const ociTagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/**
 * Slugs of branches that would move another tag: that of an environment, of a commit, or of the build itself.
 */
const reservedSlugPattern =
  /^(latest|cache|env-.*|previous-.*|kept-.*|content-.*|[0-9a-f]{8}(-dirty)?)$/;

/** Maximum length of GitLab's slugs, in characters: that of a label in a host name. */
const maximumSlugLength = 63;

/** Inputs of the names of a release's tags. */
export interface TagSources {
  /** Revision that the image was built from; undefined if it was not built here. */
  readonly revision?: Revision;

  /** Name of the stack. */
  readonly stack: string;

  /** Configured kinds. */
  readonly kinds: readonly TagKind[];

  /** Whether the stack is of tier production, which has no tag `latest`. */
  readonly isProduction: boolean;
}

/** The names of a release's tags, and the reasons why a configured kind has none. */
export interface TagNames {
  /** Names without the repository, by kind. */
  readonly tags: Readonly<Partial<Record<TagKind, string>>>;

  /** A warning for each invalid tag. A tag whose name is merely unknown has none. */
  readonly problems: readonly string[];
}

/** Computes the tags of a release, without `previous`, which points to another release. */
export function computeTagNames({ isProduction, kinds, revision, stack }: TagSources): TagNames {
  const { branch, commit, dirty, version } = revision ?? { dirty: false };
  const slug = branch === undefined ? undefined : computeRefSlug(branch);
  const candidates: Partial<Record<TagKind, string>> = {
    branch: slug,
    commit: commit && commit.slice(0, shortCommitLength) + (dirty ? dirtySuffix : ""),
    // What was changed since is not that version.
    version: dirty ? undefined : version,
    environment: computeEnvironmentTag(stack),
    latest: isProduction ? undefined : "latest",
  };
  const tags: Partial<Record<TagKind, string>> = {};
  const problems: string[] = [];
  for (const kind of tagKinds.filter((one) => kinds.includes(one))) {
    const tag = candidates[kind];
    if (tag === undefined) continue;
    if (kind === "branch" && (tag === "" || reservedSlugPattern.test(tag))) {
      problems.push(describeBranchProblem(branch ?? "", tag));
    } else if (!ociTagPattern.test(tag)) {
      problems.push(
        `There is no ${kind} tag: "${tag}" is not one. A tag has at most 128 letters, digits, \`_\`, \`.\` and \`-\`, and does not begin with \`.\` or \`-\`.`,
      );
    } else {
      tags[kind] = tag;
    }
  }
  return { tags, problems };
}

/** Computes the tag of the release that a stack runs. */
export function computeEnvironmentTag(stack: string): string {
  return `env-${stack}`;
}

/** Computes the tag of the release that a stack ran before. */
export function computePreviousTag(stack: string): string {
  return `previous-${stack}`;
}

/**
 * Computes the tag of a release that a stack ran earlier than the previous one, and whose files its pods serve. The
 * number comes first: in the end it could be that of a stack's name.
 */
export function computeKeptTag(stack: string, position: number): string {
  return `kept-${position}-${stack}`;
}

/**
 * Computes the slug of a branch's name like GitLab's `CI_COMMIT_REF_SLUG`: lower case, everything but `0-9` and
 * `a-z` becomes `-`, at most 63 characters, and then no `-` at either end.
 *
 * @returns the slug; empty if nothing is left
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function computeRefSlug(ref: string): string {
  return ref
    .toLowerCase()
    .replace(/[^a-z0-9]/gu, "-")
    .slice(0, maximumSlugLength)
    .replace(/^-+|-+$/g, "");
}

function describeBranchProblem(branch: string, slug: string): string {
  const reason =
    slug === ""
      ? "its name has no letter or digit that a tag could have"
      : `the tag \`${slug}\` has another meaning here`;
  return `Branch \`${branch}\` gets no tag: ${reason}. Give the branch another name.`;
}
