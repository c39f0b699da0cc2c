import { GitLabClient } from "../../../cli/gitlab/client";
import { GitLabError } from "../../../cli/gitlab/gitlabError";
import { tokenOf, World } from "../../sandbox/gitlab/support/world";
import { passOn, PrivateNetwork } from "../../support/privateNetwork";

const network = new PrivateNetwork();
const world = new World();
/** Where `moved.test` redirects to. */
let location = "";
const tokensSeen: string[] = [];

beforeAll(async () => {
  await Promise.all([network.start(), world.start()]);
  await network.addHost("gitlab.test:443", (incoming, response) =>
    passOn(incoming, response, `${world.address}${incoming.url}`),
  );
  await network.addHost("moved.test:443", ({ url }, response) => {
    response.writeHead(301, { location: location + url }).end();
  });
  await network.addHost("other.test:443", ({ headers }, response) => {
    tokensSeen.push(String(headers["private-token"]));
    response.end("[]");
  });
  await network.addHost("page.test:443", (_, response) => response.end("<html>Log in</html>"));
  await world.control.moveProject("web/gatsby-site", "web/site");
});

afterAll(() => Promise.all([network.stop(), world.stop()]));
afterEach(() => world.control.reset());

function open(host = "gitlab.test", token = tokenOf("maintainer")): GitLabClient {
  const env = { HTTPS_PROXY: network.proxy };
  return new GitLabClient({
    apiUrl: `https://${host}/api/v4`,
    token,
    caCertificate: network.ca,
    env,
  });
}

async function errorOf(run: Promise<unknown>): Promise<GitLabError> {
  const error: unknown = await run.catch((cause: unknown) => cause);
  if (error instanceof GitLabError) return error;
  throw new Error("It did not fail as it should.", { cause: error });
}

const path = "/projects/web%2Fgatsby-site/deploy_tokens";
const url = `https://gitlab.test/api/v4${path}`;

describe("GitLabClient", () => {
  it("reads a renamed project by its old path", async () => {
    expect(await open().listAll(path)).toEqual([]);
  });

  it("names the new path when it would change a renamed project", async () => {
    const error = await errorOf(open().call("DELETE", `${path}/1`));

    expect(error.message).toBe(
      `Request failed with status code 405: DELETE ${url}/1: Non GET methods are not allowed for moved projects
\`web/gatsby-site\` is now \`web/site\`, and GitLab changes nothing by the old path. Run: pulumi config set project web/site`,
    );
    expect(error).toMatchObject({ method: "DELETE", status: 405, url: `${url}/1` });
  });

  it("names the new path when another GitLab redirects instead", async () => {
    location = "https://gitlab.test";
    const error = await errorOf(open("moved.test").call("PUT", path, { body: {} }));

    expect(error.message).toBe(
      `Request failed with status code 301: PUT https://moved.test/api/v4${path}
GitLab redirects to https://gitlab.test, where the access token was not sent. If that is your GitLab, run: pulumi config set gitlab:baseUrl https://gitlab.test`,
    );
  });

  it.each(["https://other.test", "http://moved.test"])(
    "does not take the token along to %s",
    async (to) => {
      location = to;
      const error = await errorOf(open("moved.test").listAll(path));

      expect(error).toMatchObject({ status: 301 });
      expect(error.remedy).toMatch(/, where the access token was not sent\./);
      expect(tokensSeen).toEqual([]);
    },
  );

  it("says that it is not GitLab that answers", async () => {
    const error = await errorOf(open("page.test").listAll(path));
    expect(error.message).toBe(
      `Request failed: GET https://page.test/api/v4${path}: the answer is not a list in JSON
Something else than GitLab's API answered. Check \`gitlab:baseUrl\` and the proxy.`,
    );
  });

  it("shows neither the token nor the query", async () => {
    const error = await errorOf(open("gitlab.test", "wrong-1").call("GET", "/user?token=wrong-2"));
    expect(error.message).toBe(
      `Request failed with status code 401: GET https://gitlab.test/api/v4/user: 401 Unauthorized
GitLab does not accept the access token: it is wrong, revoked or expired. Create a new one with scope \`api\`, and run: export GITLAB_TOKEN=<token>`,
    );
  });

  it("says that the proxy refuses, and not GitLab", async () => {
    network.refuseWith = 407;
    const error = await errorOf(open().call("GET", "/user")).finally(() => {
      network.refuseWith = undefined;
    });

    expect(error.message).toBe(
      `Request failed: GET https://gitlab.test/api/v4/user: the proxy ${network.proxy} of \`HTTPS_PROXY\` refused to connect to gitlab.test:443 with status code 407
The proxy wants a user name and a password: export HTTPS_PROXY=http://<user>:<password>@${new URL(network.proxy).host}`,
    );
    expect(error.status).toBeUndefined();
  });
});
