/*
 * What to do about an error of GitLab's API: the program's provider reports it as text that names the call
 * and the status (`POST https://gitlab.example.com/api/v4/...: 403 {message: 403 Forbidden}`), the command
 * line by its status. Also what to do if GitLab's registry refuses a login.
 */

/** Start of the registry's token service's answer to any login that it refuses. BuildKit repeats it. */
export const refusedLogin = "HTTP Basic: Access denied";

/** What the access token is for: a stack's tokens and registry, or a merge request's note. */
export type AccessPurpose = "note" | "stack";

interface Remedy {
  readonly pattern: RegExp;
  readonly stack: string;
  /** @default as for a stack */
  readonly note?: string;
}

const table: readonly Remedy[] = [
  {
    pattern: new RegExp(refusedLogin),
    stack:
      "GitLab's registry does not accept the stack's credentials: they expired or were revoked. Replace those that are in `credentials`. For tokens that the stack created, run `pulumi refresh` and then the update again, which creates new ones.",
  },
  {
    pattern: /Proxy Authentication Required|proxy.*\b407\b|\b407\b/i,
    stack:
      "The proxy of `HTTPS_PROXY` wants a user name and a password: export HTTPS_PROXY=http://<user>:<password>@<proxy>:<port>",
  },
  {
    pattern: /proxyconnect/i,
    stack:
      "The proxy of `HTTPS_PROXY` was not reached. Check the variable and the network. If GitLab needs no proxy, add its host to `NO_PROXY`.",
  },
  {
    pattern: /\b401\b/,
    stack:
      "GitLab does not accept the access token: it is wrong, revoked or expired. Create a new one with scope `api`, and run: export GITLAB_TOKEN=<token>",
    note: "The token in `SLIPWAY_NOTE_TOKEN` is wrong, revoked or expired. Set a new one.",
  },
  {
    pattern: /\b403\b/,
    stack:
      "The access token may not do that. It needs scope `api`, and its user the role Maintainer in the project (Owner of `group`, if that is set).",
    note: "The token in `SLIPWAY_NOTE_TOKEN` may not comment here. It needs scope `api`, and its user the role Reporter or higher.",
  },
  {
    pattern: /\b404\b/,
    stack:
      "There is no such project or group, or the access token's user can't see it. Check `project`, `group` and `gitlab:baseUrl`.",
    note: "The token in `SLIPWAY_NOTE_TOKEN` does not see the merge request. Make its user a member of the project.",
  },
  {
    pattern: /moved projects|\b405\b/,
    stack:
      "The project was renamed or moved, and GitLab changes nothing by its old path. Set `project` to its new one: pulumi config set project <group/project>",
  },
  {
    pattern: /\b409\b/,
    stack: "Something else changed the same thing in GitLab just now. Run the command again.",
  },
  {
    pattern: /\b(400|422)\b/,
    stack:
      "GitLab refuses the request for the reason that it gives. Check `project`, `group` and `rotateEveryDays`, and GitLab's limits for tokens.",
    note: "GitLab does not accept the note as it is. Please report this.",
  },
  {
    pattern: /\b429\b/,
    stack:
      "GitLab limits the number of requests. Wait for a minute, then run the command again; `pulumi config set gitlab:retries 10` makes updates wait by themselves.",
    note: "GitLab had too many requests, even after waiting. The next pipeline writes the note.",
  },
  {
    pattern: /\b5\d\d\b/,
    stack:
      "GitLab itself has a problem: see its status page or ask its administrator. Then run the command again: it goes on where it stopped.",
    note: "GitLab itself has a problem. The next pipeline writes the note.",
  },
  {
    pattern: /certificate has expired|CERT_HAS_EXPIRED|certificate.*is not yet valid/i,
    stack:
      "GitLab's certificate is expired or not valid yet. Have its administrator renew it, and check this machine's clock.",
  },
  {
    pattern: /altnames|certificate is (not )?valid for/i,
    stack: "GitLab's certificate belongs to another host. Check `gitlab:baseUrl`.",
  },
  {
    pattern: /certificate|self.signed|x509|unable to verify|TLS/i,
    stack:
      'GitLab\'s certificate is not trusted here. Set `caCertificate` to the CA that signed it, and run: eval "$(npx slipway env)"',
    note: "GitLab's certificate is not trusted here. Set `NODE_EXTRA_CA_CERTS` to a file with the CA that signed it.",
  },
  {
    pattern: /time(d )?.?out|deadline exceeded|aborted|no answer in time/i,
    stack:
      "GitLab did not answer in time. Check `gitlab:baseUrl`, the network and the proxy, then run the command again.",
    note: "GitLab did not answer in time. The next pipeline writes the note.",
  },
  {
    pattern:
      /ECONN|ENOTFOUND|EAI_AGAIN|EHOST|socket|hang up|connection|no such host|EOF|other side closed/i,
    stack:
      "GitLab was not reached, or closed the connection. Check `gitlab:baseUrl`, the network and the proxy, then run the command again.",
    note: "GitLab was not reached, or closed the connection. The next pipeline writes the note.",
  },
];

/**
 * Finds what to do about an error of GitLab's API or registry.
 *
 * @param text the error, or its HTTP status alone
 * @returns undefined if the text is about no such error
 */
export function findGitLabRemedy(
  text: string,
  purpose: AccessPurpose = "stack",
): string | undefined {
  // The URL may hold numbers that look like a status.
  const message = text.replace(/https?:\/\/\S+/g, "");
  const remedy = table.find(({ pattern }) => pattern.test(message));
  return remedy && ((purpose === "note" ? remedy.note : undefined) ?? remedy.stack);
}
