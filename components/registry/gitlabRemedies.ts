/*
 * What to do about an error of GitLab's API. Its messages, and the provider's, name the call and the status:
 * `POST https://gitlab.example.com/api/v4/...: 403 {message: 403 Forbidden}`. And about the answer of its registry
 * to a login that it does not know.
 */

/** What the registry's token service says, whatever is wrong with a login. BuildKit repeats it. */
export const refusedLogin = "HTTP Basic: Access denied";

const remedies: readonly [pattern: RegExp, remedy: string][] = [
  [
    new RegExp(refusedLogin),
    "GitLab's registry does not accept the stack's credentials: they have ended, or somebody revoked them. Those in `credentials` must be replaced there. For tokens that the stack made run `pulumi refresh`, then the update again, which makes new ones.",
  ],
  [
    /\b401\b/,
    "GitLab does not accept the access token: it is wrong, revoked or has ended. Make another one, of scope `api`, and run: export GITLAB_TOKEN=<token>",
  ],
  [
    /\b403\b/,
    "The access token may not do that. It needs scope `api`, and its user the role Maintainer in the project (Owner of `group`, if that is set).",
  ],
  [
    /\b404\b/,
    "There is no such project or group, or the access token's user can't see it. Check `project`, `group` and `gitlab:baseUrl`.",
  ],
  [/\b409\b/, "Something else changed the same thing in GitLab just now. Run the update again."],
  [
    /\b(400|422)\b/,
    "GitLab refuses the request for the reason that it gives. Check `project`, `group` and `rotateEveryDays`, and GitLab's limits for tokens.",
  ],
  [
    /\b429\b/,
    "GitLab limits how often it is asked. Wait for a minute, then run the update again; `pulumi config set gitlab:retries 10` makes it wait by itself.",
  ],
  [
    /\b5\d\d\b/,
    "GitLab has a problem of its own: see its status page or ask its administrator. Then run the update again: it goes on where it stopped.",
  ],
  [
    /certificate has expired|CERT_HAS_EXPIRED|certificate.*is not yet valid/i,
    "GitLab's own certificate has ended, or is not valid yet. Have its administrator renew it, and check this machine's clock.",
  ],
  [
    /altnames|certificate is (not )?valid for/i,
    "GitLab's certificate is that of another host. Check `gitlab:baseUrl`.",
  ],
  [
    /certificate|self.signed|x509|unable to verify|TLS/i,
    'GitLab\'s certificate is not trusted here. Set `caCertificate` to the CA that signed it, and run: eval "$(npx slipway env)"',
  ],
  [
    /time(d )?.?out|deadline exceeded|aborted/i,
    "GitLab did not answer in time. Check `gitlab:baseUrl` and the network, then run the update again.",
  ],
  [
    /ECONN|ENOTFOUND|EAI_AGAIN|EHOST|socket|hang up|connection|no such host|EOF|other side closed/i,
    "GitLab was not reached, or broke off. Check `gitlab:baseUrl`, the network and the proxy, then run the update again.",
  ],
];

/** What to do about an error of GitLab's API or registry; undefined where the text is about none. */
export function findGitLabRemedy(text: string): string | undefined {
  // The address may hold numbers that look like a status.
  const told = text.replace(/https?:\/\/\S+/g, "");
  return remedies.find(([pattern]) => pattern.test(told))?.[1];
}
