import { project } from "../../e2e/support/gitlab";
import { type Fault, testFaults } from "./fault";
import { Listeners, localhost, type Page } from "./listeners";

const gitlab = "https://gitlab.thelinuxlabs.com";
const challenge = (realm: string): Page => ({
  status: 401,
  headers: { "www-authenticate": `Bearer realm="${realm}",service="container_registry"` },
});

/** What answers at the registry's address instead of a GitLab registry. */
export function testServer(): void {
  const listeners = new Listeners();
  let port = 0;
  afterAll(() => listeners.close());

  const fault = (
    name: string,
    page: Page,
    causes: Fault["causes"],
    code = 16,
    warning?: RegExp,
  ): Fault => ({
    name,
    inject: async () => {
      port = await listeners.serve(page);
    },
    args: () => `--registry ${localhost}:${port} --project ${project} --gitlab ${gitlab}`,
    setup: () => listeners.trust,
    causes,
    code,
    warning,
  });

  testFaults([
    fault(
      "a portal's page",
      { status: 200, headers: { "content-type": "text/html" }, text: "<!DOCTYPE html>Sign in" },
      { registry: /^localhost:\d+ answers with a web page, and not as a registry: / },
    ),
    fault(
      "GitLab's sign-in page",
      { status: 200, headers: { "content-type": "text/html" }, text: "<!DOCTYPE html>GitLab" },
      { registry: /^GitLab's web server answers at localhost:\d+, and not its registry: / },
    ),
    fault(
      "another program",
      { status: 404 },
      { registry: /^No registry answers at localhost:\d+: .* has status 404\.$/ },
    ),
    fault(
      "a proxy whose registry is in maintenance",
      { status: 503, text: "<h1>Maintenance</h1>" },
      { registry: /^A proxy answers at localhost:\d+, but the registry behind it does not/ },
    ),
    fault(
      "a redirect to a login",
      { status: 302, headers: { location: "https://login.example.com/" } },
      { registry: /redirects to https:\/\/login\.example\.com\/ instead of answering/ },
    ),
    fault(
      "a registry with passwords of its own",
      { status: 401, headers: { "www-authenticate": 'Basic realm="Registry"' } },
      { registry: /does not use GitLab's tokens: it asks for "Basic realm="Registry""\.$/ },
    ),
    fault(
      "a registry without a login",
      { status: 200, headers: { "content-type": "application/json" }, text: "{}" },
      { registry: /^A registry without a login answers at localhost:\d+: / },
    ),
    fault(
      "a registry that names a token service without TLS",
      challenge("http://gitlab.thelinuxlabs.com/jwt/auth"),
      { login: /^The registry names a token service without HTTPS, .* no password is sent\.$/ },
    ),
    fault(
      "a registry whose token service does not run",
      challenge("https://localhost:1/jwt/auth"),
      { login: /^localhost:1 gave no answer to GET \/jwt\/auth: / },
      12,
    ),
    fault("a registry whose token service is not there", challenge(`${gitlab}/other/auth`), {
      login: /^GitLab's registry is off, or its token service is not at .* \(status 404\)\.$/,
    }),
    fault("a registry that does not accept GitLab's tokens", challenge(`${gitlab}/jwt/auth`), {
      repository: /^The registry refuses the token that GitLab has just given/,
    }),
    fault(
      "a clock that is off by an hour",
      {
        ...challenge(`${gitlab}/jwt/auth`),
        headers: {
          ...challenge(`${gitlab}/jwt/auth`).headers,
          date: new Date(Date.now() - 3_600_000).toUTCString(),
        },
      },
      { repository: /^The registry refuses the token that GitLab has just given/ },
      16,
      /^This machine's clock is \d+ seconds ahead of the registry's\.$/,
    ),
  ]);
}
