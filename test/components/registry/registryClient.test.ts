import {
  RegistryError,
  type RegistryLogin,
  RegistryClient,
} from "../../../components/registry/registryClient";
import { ConnectionError } from "../../../components/http/connectionError";
import { FakeRegistry } from "../../support/registry";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"d".repeat(64)}`;
const login = { username: "writer", password: "gldt-1/+ü" };
const manifests = "https://gitlab.example.com:5050/v2/web/gatsby-site/manifests";
const service = "https://gitlab.example.com/jwt/auth";
const realm = `${service}?service=container_registry&scope=repository%3Aweb%2Fgatsby-site%3Apull`;

let registry: FakeRegistry;

beforeEach(() => {
  registry = FakeRegistry.install(repository, login);
  registry.tags = { main: digest };
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

function read(given: RegistryLogin = login): RegistryClient {
  return new RegistryClient(repository, given);
}

/** Runs to the end what waits between its attempts, in no time. */
async function hurry<T>(run: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  jest.useFakeTimers();
  const settled = Promise.allSettled([run()]);
  await jest.advanceTimersByTimeAsync(120_000);
  return (await settled)[0];
}

/** The error that a read ends with. */
async function errorOf(run: Promise<unknown>): Promise<Error> {
  return run.then(
    () => {
      throw new Error("It did not fail.");
    },
    (error: Error) => error,
  );
}

describe("RegistryClient", () => {
  it("logs in where the registry says, with GET, once", async () => {
    const reader = read();

    expect(await reader.findDigest("main")).toBe(digest);
    expect(await reader.findDigest("main")).toBe(digest);
    expect(registry.requests).toEqual([
      `HEAD ${manifests}/main`,
      `GET ${realm}`,
      `HEAD ${manifests}/main`,
      `HEAD ${manifests}/main`,
    ]);
  });

  it("logs in once for requests that start together", async () => {
    const reader = read();
    const names = ["main", "main", "none"];
    const all = await Promise.all(names.map((name) => reader.findDigest(name)));

    expect(all).toEqual([digest, digest, undefined]);
    expect(registry.requests.filter((request) => request === `GET ${realm}`)).toHaveLength(1);
  });

  it("finds no digest of a tag that isn't there", async () => {
    expect(await read().findDigest("v9.9.9")).toBeUndefined();
  });

  it("reads manifests and blobs that are JSON", async () => {
    const manifest = { layers: [{ size: 1 }] };
    registry.contents = { [digest]: manifest };
    const reader = read();

    expect(await reader.findManifest(digest)).toEqual(manifest);
    expect(await reader.findJsonBlob(digest)).toEqual(manifest);
    expect(await reader.findManifest("v9.9.9")).toBeUndefined();
    expect(registry.requests.at(-2)).toBe(
      `GET https://gitlab.example.com:5050/v2/web/gatsby-site/blobs/${digest}`,
    );
  });

  it("says what failed, with GitLab's reason, and no credential", async () => {
    const error = await errorOf(read({ username: "writer", password: "old" }).findDigest("main"));

    expect(error).toBeInstanceOf(RegistryError);
    expect(error).toMatchObject({ status: 401 });
    expect(error.message).toBe(
      `Request failed with status code 401: GET ${service} (HTTP Basic: Access denied.).`,
    );
  });

  it("sends a password to no service without encryption", async () => {
    registry.challenge = 'Bearer realm="http://gitlab.example.com/jwt/auth",service="x"';
    const error = await errorOf(read().findDigest("main"));

    expect(error.message).toBe(
      `\`${repository}\` asks for a login, but names no https service for it.`,
    );
    expect(registry.requests).toEqual([`HEAD ${manifests}/main`]);
  });

  it.each([
    ["no token", '{"access_token":"jwt"}'],
    ["no JSON", "<html>"],
  ])("says that a token's answer holds %s", async (_, body) => {
    registry.token = { status: 200, body };
    expect((await errorOf(read().findDigest("main"))).message).toBe(
      `The answer to GET ${service} holds no token.`,
    );
  });

  it("says that a token opens nothing", async () => {
    registry.failWith = 401;
    expect((await errorOf(read().findDigest("main"))).message).toBe(
      `Request failed with status code 401: HEAD ${manifests}/main.`,
    );
  });

  it("says that a manifest is not JSON", async () => {
    registry.contents = { main: undefined };
    expect((await errorOf(read().findManifest("main"))).message).toBe(
      `The answer to GET ${manifests}/main is not JSON.`,
    );
  });

  it("says that a registry names no digest", async () => {
    registry.tags = {};
    registry.contents = { main: {} };
    expect((await errorOf(read().findDigest("main"))).message).toBe(
      `\`${repository}\` names no digest for \`main\`.`,
    );
  });

  it("sends a read again that got no answer", async () => {
    registry.failures = [new ConnectionError("read ECONNRESET", "network", true, undefined)];
    expect(await hurry(() => read().findDigest("main"))).toEqual({
      status: "fulfilled",
      value: digest,
    });
  });

  it("sends a read again that failed while a tag was written", async () => {
    registry.statuses = [500, 500];
    expect(await hurry(() => read().findDigest("main"))).toEqual({
      status: "fulfilled",
      value: digest,
    });
  });

  it.each([401, 403])("takes status %i for an answer", async (status) => {
    registry.failWith = status;
    const error = await errorOf(read().findDigest("main"));

    expect(error).toMatchObject({ status });
    expect(registry.requests).toHaveLength(3);
  });

  it("gives up after five attempts without an answer, and says why", async () => {
    registry.failures = Array.from(
      { length: 5 },
      () => new ConnectionError("read ECONNRESET", "network", true, undefined),
    );
    const result = await hurry(() => read().findDigest("main"));

    expect(result).toMatchObject({
      reason: { message: `No answer to HEAD ${manifests}/main: read ECONNRESET.` },
    });
    expect(registry.requests).toHaveLength(5);
  });

  it("does not repeat what no other attempt changes", async () => {
    registry.failures = [
      new ConnectionError("the proxy refused", "proxy", false, "Ask its administrator."),
    ];
    const error = await errorOf(read().findDigest("main"));

    expect(error.message).toBe(
      `No answer to HEAD ${manifests}/main: the proxy refused. Ask its administrator.`,
    );
    expect(registry.requests).toHaveLength(1);
  });

  it.each([500, 503])("gives up after five answers with status %i", async (status) => {
    registry.failWith = status;
    const result = await hurry(() => read().findDigest("main"));

    expect(result).toMatchObject({
      reason: { message: `Request failed with status code ${status}: HEAD ${manifests}/main.` },
    });
    expect(registry.requests.filter((request) => request.startsWith("HEAD"))).toHaveLength(6);
  });
});
