/** Longest slug that GitLab makes: that of a label in a host name. */
const maximumLength = 63;

/**
 * The slug of a branch's name, as GitLab makes `CI_COMMIT_REF_SLUG`: lower case, everything but `0-9` and
 * `a-z` becomes `-`, at most 63 characters, and then no `-` at either end.
 *
 * @returns the slug; empty when nothing is left
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function computeRefSlug(ref: string): string {
  return ref
    .toLowerCase()
    .replace(/[^a-z0-9]/gu, "-")
    .slice(0, maximumLength)
    .replace(/^-+|-+$/g, "");
}
