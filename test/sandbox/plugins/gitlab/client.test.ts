import * as http from "node:http";
import type { AddressInfo } from "node:net";

import { computeWait, GitLabClient } from "../../../../sandbox/plugins/gitlab/client";
import { readSettings } from "../../../../sandbox/plugins/gitlab/config";

const TOKEN = "glpat-of-the-test";

describe("GitLabClient", () => {
  let server: http.Server;
  let answers: http.RequestListener[];
  let client: GitLabClient;

  beforeEach(async () => {
    answers = [];
    server = http.createServer((request, response) => answers.shift()!(request, response));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    client = new GitLabClient(readSettings({ baseUrl, token: TOKEN, retries: "2" }, {}));
  });

  afterEach(async () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  });

  const limited: http.RequestListener = (_, response) =>
    response.writeHead(429, { "retry-after": "0" }).end("Retry later");

  it("sends again what GitLab limited, creations too", async () => {
    const seen: string[] = [];
    answers = [
      limited,
      (request, response) => {
        seen.push(`${String(request.method)} ${String(request.url)}`);
        response.writeHead(201).end('{"id":1}');
      },
    ];

    expect(await client.call("POST", "/projects/a%2Fb/deploy_tokens", { name: "pull" })).toEqual({
      id: 1,
    });
    expect(seen).toEqual(["POST /api/v4/projects/a%2Fb/deploy_tokens"]);
  });

  it("gives up after the retries that are set", async () => {
    answers = [limited, limited, limited];

    await expect(client.call("GET", "/user")).rejects.toThrow("429 Retry later");
    expect(answers).toEqual([]);
  });

  it("never sends a creation again that may have happened", async () => {
    answers = [(_, response) => response.writeHead(502).end("bad gateway"), limited];

    await expect(client.call("POST", "/projects/1/deploy_tokens", {})).rejects.toThrow(
      "502 bad gateway",
    );
    expect(answers).toHaveLength(1);
  });

  it("shows GitLab's errors in bounds, and never the token", async () => {
    answers = [(_, response) => response.writeHead(400).end(`${TOKEN} ${"x".repeat(10_000)}`)];

    const failure: unknown = await client.call("GET", "/user").catch((error: unknown) => error);

    expect((failure as Error).message).toMatch(/^GET http:\S+\/api\/v4\/user: 400 \[secret\] x+$/);
    expect((failure as Error).message.length).toBeLessThan(600);
  });
});

describe("computeWait", () => {
  const now = 1_700_000_000_000;

  it.each<[string, Record<string, string>, number, number]>([
    ["the seconds GitLab says", { "retry-after": "3" }, 1, 3000],
    ["until its limit is reset", { "ratelimit-reset": "1700000005" }, 1, 5000],
    ["no time when that was before", { "ratelimit-reset": "1600000000" }, 1, 0],
    ["longer each time when it says nothing", {}, 3, 2000],
    ["two minutes at most", { "retry-after": "86400" }, 1, 120_000],
  ])("waits %s", (_, headers, attempt, milliseconds) => {
    expect(computeWait(headers, attempt, now)).toBe(milliseconds);
  });
});

describe("readSettings", () => {
  it("takes the environment where the configuration says nothing", () => {
    const settings = readSettings(
      {},
      { GITLAB_TOKEN: "from-environment", GITLAB_BASE_URL: "http://a/api/v4/" },
    );

    expect(settings).toMatchObject({ apiUrl: "http://a/api/v4", token: "from-environment" });
  });

  it("says which settings set a token", () => {
    expect(() => readSettings({}, {})).toThrow(/^`gitlab:token` is missing\. Set .*GITLAB_TOKEN/);
  });
});
