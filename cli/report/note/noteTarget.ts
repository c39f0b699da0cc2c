/** Where the note goes, and with which token. */
export interface NoteTarget {
  /** Address of GitLab's API, `https://gitlab.example.com/api/v4`. */
  readonly api: string;
  /** Number of the project that the merge request is in: the target's, not a fork's. */
  readonly project: string;
  /** The merge request's number in its project. */
  readonly iid: string;
  readonly token: string;
}

/** Name of the variable with the token that writes the note. */
export const noteTokenVariable = "SLIPWAY_NOTE_TOKEN";

/** What each variable is for, where it is missing. GitLab sets all but the token. */
const remedies = {
  CI_API_V4_URL: "Run this in a GitLab job.",
  CI_MERGE_REQUEST_PROJECT_ID: "Run this in a merge request pipeline.",
  CI_MERGE_REQUEST_IID: "Run this in a merge request pipeline.",
  [noteTokenVariable]:
    "A job's own token can only read notes. Set it to an access token with scope `api` and role Reporter, or do without the note: the widget needs no token.",
} as const;

/**
 * Reads from a job's environment where its note goes.
 *
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 * @returns the target, or what is missing, with remedies
 */
export function findNoteTarget(env: NodeJS.ProcessEnv): NoteTarget | string[] {
  const missing = Object.entries(remedies)
    .filter(([name]) => !env[name])
    .map(([name, remedy]) => `\`${name}\` is not set. ${remedy}`);
  if (missing.length > 0) return missing;
  return {
    api: env.CI_API_V4_URL ?? "",
    project: env.CI_MERGE_REQUEST_PROJECT_ID ?? "",
    iid: env.CI_MERGE_REQUEST_IID ?? "",
    token: env[noteTokenVariable] ?? "",
  };
}
