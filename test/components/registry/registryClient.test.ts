import {
  RegistryError,
  type RegistryLogin,
  RegistryClient,
} from "../../../components/registry/registryClient";
import { FakeRegistry } from "../../support/registry";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"d".repeat(64)}`;
const login = { username: "writer", password: "gldt-1/+ü" };
const manifests = "https://gitlab.example.com:5050/v2/web/gatsby-site/manifests";
const realm =
  "https://gitlab.example.com/jwt/auth?service=container_registry&scope=repository%3Aweb%2Fgatsby-site%3Apull";

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
  await jest.advanceTimersByTimeAsync(60_000);
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

describe("RegistryReader", () => {
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
      `Request failed with status code 401: GET ${realm} (HTTP Basic: Access denied.).`,
    );
  });

  it("sends a password to no service without encryption", async () => {
    registry.challenge = 'Bearer realm="http://gitlab.example.com/jwt/auth",service="x"';
    const error = await errorOf(read().findDigest("main"));

    expect(error.message).toBe(`\`${repository}\` asks for a login, but names no https service.`);
    expect(registry.requests).toEqual([`HEAD ${manifests}/main`]);
  });

  it.each([
    ["no token", '{"access_token":"jwt"}'],
    ["no JSON", "<html>"],
  ])("says that a token's answer holds %s", async (_, body) => {
    registry.token = { status: 200, body };
    expect((await errorOf(read().findDigest("main"))).message).toBe(
      `The answer to GET ${realm} holds no token.`,
    );
  });

  it("says that a token opens nothing", async () => {
    registry.failWith = 401;
    expect((await errorOf(read().findDigest("main"))).message).toBe(
      `Request failed with status code 401: HEAD ${manifests}/main.`,
    );
  });

  it("says that a manifest is no JSON", async () => {
    registry.contents = { main: undefined };
    expect((await errorOf(read().findManifest("main"))).message).toBe(
      `The answer to GET ${manifests}/main is no JSON.`,
    );
  });

  it("says that a registry names no digest", async () => {
    registry.tags = {};
    registry.contents = { main: {} };
    expect((await errorOf(read().findDigest("main"))).message).toBe(
      `\`${repository}\` names no digest for \`main\`.`,
    );
  });

  it("tries again when there is no answer, and when it is said to be worth it", async () => {
    registry.failures = [new TypeError("fetch failed")];
    expect(await hurry(() => read().findDigest("main"))).toEqual({
      status: "fulfilled",
      value: digest,
    });
  });

  it("gives up after three attempts, and says why", async () => {
    const cause = new Error("self-signed certificate in certificate chain");
    registry.failures = Array.from({ length: 3 }, () => new TypeError("fetch failed", { cause }));
    const result = await hurry(() => read().findDigest("main"));

    expect(result).toMatchObject({
      reason: {
        message: `No answer to HEAD ${manifests}/main: self-signed certificate in certificate chain.`,
      },
    });
    expect(registry.requests).toHaveLength(3);
  });

  it("gives up after three answers that something is being restarted", async () => {
    registry.failWith = 503;
    const result = await hurry(() => read().findDigest("main"));

    expect(result).toMatchObject({
      reason: { message: `Request failed with status code 503: HEAD ${manifests}/main.` },
    });
    expect(registry.requests.filter((request) => request.startsWith("HEAD"))).toHaveLength(4);
  });
});
