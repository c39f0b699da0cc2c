import { GitLabRequestError } from "../../gitlab/gitlabRequest";
import { noteTokenVariable } from "./noteTarget";

/** What to do about an answer, by its status. */
const remedies: Readonly<Record<number, string>> = {
  400: "GitLab does not take the note as it is. Please report this.",
  401: `The token in \`${noteTokenVariable}\` is wrong, revoked or expired. Set a new one.`,
  403: `The token in \`${noteTokenVariable}\` may not comment here. It needs scope \`api\`, and its user role Reporter or higher.`,
  404: `The token in \`${noteTokenVariable}\` does not see the merge request. Make its user a member of the project.`,
  429: "GitLab had too many requests, even after waiting. The next pipeline writes the note.",
};

/** Why a note could not be written, and what helps, without any secret. */
export function explainNoteFailure(error: unknown): string {
  if (error instanceof GitLabRequestError) {
    const reason = error.reason === "" ? "" : ` (${error.reason})`;
    const remedy = remedies[error.status] ?? "The next pipeline writes the note.";
    return `${error.message}${reason}. ${remedy}`;
  }
  return explainConnection(error as Partial<Error> & { code?: string });
}

/** Without any answer: what the network, or Node's TLS, says. */
function explainConnection({
  code = "",
  message = "",
  name = "",
}: Partial<Error> & { code?: string }): string {
  if (/CERT|SIGNATURE|ISSUER/.test(code)) {
    return `GitLab's certificate is not trusted (${code}). Set \`NODE_EXTRA_CA_CERTS\` to a file with its authority.`;
  }
  if (name === "TimeoutError" || code.includes("TIMEOUT")) {
    return `GitLab did not answer in time (${name === "TimeoutError" ? name : code}). The next pipeline writes the note.`;
  }
  return code === "" ? message : `GitLab can't be reached (${code}).`;
}
