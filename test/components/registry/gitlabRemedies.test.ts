import { findGitLabRemedy } from "../../../components/registry/gitlabRemedies";

const call = "POST https://gitlab.example.com/api/v4/projects/403%2F500/deploy_tokens:";

describe("findGitLabRemedy", () => {
  it.each([
    [`${call} 401 {message: 401 Unauthorized}`, /export GITLAB_TOKEN=/],
    [`${call} 403 {message: 403 Forbidden}`, /Maintainer/],
    [`${call} 404 {message: 404 Project Not Found}`, /can't see it/],
    [`${call} 405 {message: 405 Method Not Allowed}`, /was renamed or moved/],
    [`${call} Proxy Authentication Required`, /wants a user name and a password/],
    [`${call} proxyconnect tcp: dial tcp: lookup proxy: no such host`, /The proxy .* not reached/],
    [`${call} 409 {message: 409 Conflict}`, /Something else changed/],
    [`${call} 422 {message: {name: ["is too long"]}}`, /for the reason that it gives/],
    [`${call} 400 {error: scopes is missing}`, /for the reason that it gives/],
    [`${call} 429 Retry later`, /limits the number of requests/],
    [`${call} 500 {message: 500 Internal Server Error}`, /GitLab itself has a problem/],
    [`${call} 503 upstream`, /GitLab itself has a problem/],
    [`${call} certificate has expired`, /is expired or not valid yet/],
    [
      `${call} x509: certificate has expired or is not yet valid: current time`,
      /is expired or not valid yet/,
    ],
    [`${call} Hostname/IP does not match certificate's altnames: Host: x`, /another host/],
    [`${call} tls: x509: certificate is valid for a.com, not b.com`, /another host/],
    [`${call} unable to verify the first certificate`, /`caCertificate`/],
    [`${call} x509: certificate signed by unknown authority`, /`caCertificate`/],
    [`${call} Headers Timeout Error`, /did not answer in time/],
    [`${call} context deadline exceeded (Client.Timeout exceeded)`, /did not answer in time/],
    [`${call} read ECONNRESET`, /was not reached/],
    [`${call} other side closed`, /was not reached/],
    [`${call} dial tcp: lookup gitlab.example.com: no such host`, /was not reached/],
    [
      "Request failed with status code 401: GET https://gitlab.example.com/jwt/auth?service=x (HTTP Basic: Access denied. If a password",
      /`pulumi refresh`/,
    ],
    [
      "failed to fetch oauth token: unauthorized: HTTP Basic: Access denied. If a password",
      /Replace those that are in `credentials`/,
    ],
  ])("knows what to do about %j", (text, remedy) => {
    expect(findGitLabRemedy(text)).toMatch(remedy);
  });

  it("advises for a note what helps there", () => {
    expect(findGitLabRemedy("401", "note")).toBe(
      "The token in `SLIPWAY_NOTE_TOKEN` is wrong, revoked or expired. Set a new one.",
    );
    expect(findGitLabRemedy("409", "note")).toBe(findGitLabRemedy("409"));
  });

  it("knows nothing of other errors", () => {
    expect(findGitLabRemedy(`${call} something else`)).toBeUndefined();
  });
});
