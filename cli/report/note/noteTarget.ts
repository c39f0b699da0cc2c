import type { GitLabConnection } from "../../gitlab/client";
import { readVariable } from "../../../config/environment";
import { readJobCertificates } from "../../gitlab/connection";

/** The merge request that the note belongs to, and how to connect to its GitLab. */
export interface NoteTarget {
  readonly connection: GitLabConnection;
  /** Id of the merge request's project, which is the target project, not a fork. */
  readonly project: string;
  /** The merge request's number in its project. */
  readonly iid: string;
}

/** Variable with the token that writes the note. */
const noteTokenVariable = "SLIPWAY_NOTE_TOKEN";

/** What to do if a variable is missing. GitLab sets all but the token. */
const remedies = {
  CI_API_V4_URL: "Run this in a GitLab job.",
  CI_MERGE_REQUEST_PROJECT_ID: "Run this in a merge request pipeline.",
  CI_MERGE_REQUEST_IID: "Run this in a merge request pipeline.",
  [noteTokenVariable]:
    "A job's own token can only read notes. Set it to an access token with scope `api` and role Reporter, or do without the note: the widget needs no token.",
} as const;

/**
 * Reads from a job's environment which merge request its note belongs to.
 *
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 * @returns the target, or the problems: what is missing, with remedies
 */
export function findNoteTarget(env: NodeJS.ProcessEnv): NoteTarget | string[] {
  const missing = Object.entries(remedies)
    .filter(([name]) => !env[name])
    .map(([name, remedy]) => `\`${name}\` is not set. ${remedy}`);
  if (missing.length > 0) return missing;
  return {
    connection: {
      apiUrl: (env.CI_API_V4_URL ?? "").replace(/\/+$/, ""),
      token: readVariable(env, noteTokenVariable),
      caCertificate: readJobCertificates(env),
      env,
      purpose: "note",
    },
    project: env.CI_MERGE_REQUEST_PROJECT_ID ?? "",
    iid: env.CI_MERGE_REQUEST_IID ?? "",
  };
}
