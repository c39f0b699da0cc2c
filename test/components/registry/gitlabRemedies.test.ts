import { findGitLabRemedy } from "../../../components/registry/gitlabRemedies";

const call = "POST https://gitlab.example.com/api/v4/projects/403%2F500/deploy_tokens:";

describe("findGitLabRemedy", () => {
  it.each([
    [`${call} 401 {message: 401 Unauthorized}`, /export GITLAB_TOKEN=/],
    [`${call} 403 {message: 403 Forbidden}`, /Maintainer/],
    [`${call} 404 {message: 404 Project Not Found}`, /can't see it/],
    [`${call} 409 {message: 409 Conflict}`, /Something else changed/],
    [`${call} 422 {message: {name: ["is too long"]}}`, /for the reason that it gives/],
    [`${call} 400 {error: scopes is missing}`, /for the reason that it gives/],
    [`${call} 429 Retry later`, /limits how often/],
    [`${call} 500 {message: 500 Internal Server Error}`, /problem of its own/],
    [`${call} 503 upstream`, /problem of its own/],
    [`${call} certificate has expired`, /has ended/],
    [`${call} x509: certificate has expired or is not yet valid: current time`, /has ended/],
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
      /Those in `credentials` must be replaced/,
    ],
  ])("knows what to do about %j", (text, remedy) => {
    expect(findGitLabRemedy(text)).toMatch(remedy);
  });

  it("knows nothing of other errors", () => {
    expect(findGitLabRemedy(`${call} something else`)).toBeUndefined();
  });
});
