import { existsSync } from "node:fs";

import { explain, renderExplanation } from "../../../cli/doctor/explain";
import { messageGroups } from "../../../cli/doctor/messages/index";

const all = messageGroups.flatMap(({ messages }) => messages);

/** A line with the message in the middle, its placeholders filled. */
const quote = (message: string): string =>
  `time="2026-01-01T00:00:00Z" level=error msg=${message.replace(/<(\w+)>/g, "the-$1")}`;

describe("the table of messages", () => {
  it("explains at least 60 messages, each once", () => {
    expect(all.length).toBeGreaterThanOrEqual(60);
    expect(new Set(all.map(({ message }) => message)).size).toBe(all.length);
  });

  it.each(all.map((known) => [known.message, known] as const))("finds %j", (_, known) => {
    for (const wording of [known.message, ...(known.also ?? [])]) {
      expect({ wording, found: explain(quote(wording))?.message }).toEqual({
        wording,
        found: known.message,
      });
    }
  });

  it("names only tests that exist", () => {
    const files = all.flatMap(({ provokedBy }) => provokedBy ?? []);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });
});

const image = "gitlab.example.com:5050/web/site@sha256:0123";
const pull = `Failed to pull image "${image}": failed to pull and unpack image "${image}": failed to resolve reference "${image}": `;
const refused = "dial tcp <address>: connect: connection refused";

describe("explain", () => {
  it.each([
    [
      `${pull}failed to do request: Head "https://gitlab.example.com:5050/v2/": dial tcp 10.0.0.1:5050: connect: connection refused`,
      refused,
    ],
    [
      `${pull}failed to authorize: failed to fetch anonymous token: Get "https://gitlab.example.com/jwt/auth": dial tcp 10.0.0.1:443: i/o timeout`,
      "dial tcp <address>: i/o timeout",
    ],
    [
      `${pull}failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://gitlab.example.com/jwt/auth?scope=x: 401 Unauthorized`,
      "failed to fetch oauth token: unexpected status from <request>: 401 Unauthorized",
    ],
    [`${pull}${image}: not found`, 'failed to resolve reference "<image>": <name>: not found'],
    [
      `Error response from daemon: Get "https://gitlab.example.com:5050/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
      "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
    ],
    [
      `Get "https://h/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused`,
      "proxyconnect tcp: <reason>",
    ],
    [
      `ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 137`,
      "JavaScript heap out of memory",
    ],
    [
      `Back-off pulling image "${image}": ErrImagePull: failed to do request: tls: failed to verify certificate: x509: certificate signed by unknown\n authority`,
      "x509: certificate signed by unknown authority",
    ],
    [
      '"message": "Liveness probe failed: Get \\"http://10.1.0.4:8080/healthz\\": dial tcp 10.1.0.4:8080: connect: connection refused"',
      '<kind> probe failed: Get "<url>": dial tcp <address>: connect: connection refused',
    ],
    ["\u001b[31mdenied: access forbidden\u001b[0m", "denied: access forbidden"],
  ])("finds the cause in %j", (text, message) => {
    expect(explain(text)?.message).toBe(message);
  });

  it("names what the text names", () => {
    const found = explain("dial tcp: lookup gitlab.example.com on 10.0.0.2:53: no such host");

    expect(found && renderExplanation(found)).toBe(
      [
        "docker, containerd, BuildKit, skopeo: dial tcp: lookup <host>: no such host",
        "",
        "Meaning: The DNS that this program asks does not know gitlab.example.com.",
        "It is not a closed port or wrong credentials: there is no address to connect to.",
        "Next:    Check the spelling of gitlab.example.com. A private name needs the company's DNS, on this machine and on the cluster's nodes: getent hosts gitlab.example.com",
      ].join("\n"),
    );
  });

  it("does not blame authentication for what a network does", () => {
    const network = messageGroups.filter(({ title }) => ["Network", "TLS"].includes(title));
    const texts = network.flatMap(({ messages }) => messages.map(({ message }) => message));
    for (const text of texts) {
      const wrapped = quote(`${pull}failed to authorize: failed to fetch oauth token: ${text}`);
      expect({ text, found: explain(wrapped)?.message }).toEqual({ text, found: text });
    }
  });

  it("knows nothing of other texts", () => {
    expect(explain("everything is fine")).toBeUndefined();
  });
});
