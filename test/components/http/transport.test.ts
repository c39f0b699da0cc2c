import * as tls from "node:tls";

import { ConnectionError } from "../../../components/http/connectionError";
import { Transport, type TransportOptions } from "../../../components/http/transport";
import { PrivateNetwork } from "../../support/privateNetwork";

const network = new PrivateNetwork();
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await network.start();
  await network.addHost("gitlab.test:443", (_, response) => response.end("over TLS"));
  await network.addHost("gitlab.test:80", (_, response) => response.end("plain"));
  await network.addHost("silent.test:443", () => undefined);
});

afterAll(() => network.stop());

beforeEach(() => {
  network.seen.length = 0;
  network.login = undefined;
  network.refuseWith = undefined;
  network.isSilent = false;
  env = { HTTPS_PROXY: network.proxy, HTTP_PROXY: network.proxy };
});

async function get(url: string, options: TransportOptions = {}): Promise<string> {
  const transport = new Transport({ env, caCertificate: network.ca, ...options });
  return (await transport.send({ method: "GET", url, headers: {} })).text;
}

/** The error that a request ends with. */
async function errorOf(url: string, options: TransportOptions = {}): Promise<ConnectionError> {
  const error: unknown = await get(url, options).catch((cause: unknown) => cause);
  if (error instanceof ConnectionError) return error;
  throw new Error("There was an answer.");
}

describe("Transport", () => {
  it("reaches a host that only the proxy knows, with a private CA", async () => {
    expect(await get("https://gitlab.test/")).toBe("over TLS");
    expect(network.seen).toEqual(["CONNECT gitlab.test:443"]);
  });

  it("reaches it with a CA that Node trusts already", async () => {
    const before = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...before, network.ca]);
    try {
      expect(await get("https://gitlab.test/", { caCertificate: undefined })).toBe("over TLS");
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });

  it("reaches a host without TLS", async () => {
    expect(await get("http://gitlab.test/x?y=1")).toBe("plain");
    expect(network.seen).toEqual(["GET http://gitlab.test/x?y=1"]);
  });

  it("reads bytes, up to as many as are wanted", async () => {
    const transport = new Transport({ env, caCertificate: network.ca });
    const read = (mostBytes: number) =>
      transport.send({ method: "GET", url: "https://gitlab.test/", headers: {}, mostBytes });
    expect((await read(8)).bytes).toEqual(Buffer.from("over TLS"));
    await expect(read(7)).rejects.toThrow("the answer has more than 7 bytes");
  });

  it("logs in to the proxy", async () => {
    network.login = "me:hunter2";
    env = { https_proxy: network.proxy };
    expect(await get("https://gitlab.test/")).toBe("over TLS");
  });

  it("trusts no certificate without the CA", async () => {
    const error = await errorOf("https://gitlab.test/", { caCertificate: undefined });
    expect(error).toMatchObject({ problem: "certificate", isTransient: false });
    expect(error.message).toMatch(/certificate/);
  });

  it("does not reach the host without the proxy", async () => {
    env = {};
    const error = await errorOf("https://gitlab.test/");
    expect(error).toMatchObject({ problem: "network", isTransient: true });
    expect(error.message).toMatch(/^getaddrinfo \w+ gitlab\.test$/);
  });

  it.each([
    [407, false, /^The proxy wants a user name and a password: export HTTPS_PROXY=http:\/\/<user>/],
    [403, false, /^Ask the proxy's administrator to allow connections to gitlab\.test:443\./],
    [502, true, /^The proxy does not reach gitlab\.test:443\./],
    [504, true, /^The proxy does not reach gitlab\.test:443\./],
  ])("says that it is the proxy that refuses with %i", async (status, isTransient, remedy) => {
    network.refuseWith = status;
    const error = await errorOf("https://gitlab.test/");
    expect(error.message).toBe(
      `the proxy ${network.proxy} of \`HTTPS_PROXY\` refused to connect to gitlab.test:443 with status code ${status}`,
    );
    expect(error).toMatchObject({ problem: "proxy", isTransient });
    expect(error.remedy).toMatch(remedy);
  });

  it("says that the proxy wants a login for a host without TLS, too", async () => {
    network.refuseWith = 407;
    const { message } = await errorOf("http://gitlab.test/");
    expect(message).toBe(
      `the proxy ${network.proxy} of \`HTTP_PROXY\` refused to connect to gitlab.test:80 with status code 407`,
    );
  });

  it("shows no credential of the proxy", async () => {
    network.login = "me:hunter2";
    env = { HTTPS_PROXY: network.proxy.replace("hunter2", "hunter3") };
    const error = await errorOf("https://gitlab.test/");
    expect(error.message).toMatch(/with status code 407$/);
    expect(`${error.message} ${error.remedy}`).not.toMatch(/hunter|me:/);
  });

  it("says that the proxy closes the connection", async () => {
    network.isSilent = true;
    const error = await errorOf("https://gitlab.test/");
    expect(error.message).toBe(
      `the proxy ${network.proxy} of \`HTTPS_PROXY\` closed the connection to gitlab.test:443 without an answer`,
    );
    expect(error).toMatchObject({ problem: "proxy", isTransient: true });
  });

  it("says that the proxy is not reached", async () => {
    env = { HTTPS_PROXY: "http://127.0.0.1:1" };
    const error = await errorOf("https://gitlab.test/");
    expect(error.message).toBe(
      "the proxy http://127.0.0.1:1 of `HTTPS_PROXY` was not reached (connect ECONNREFUSED 127.0.0.1:1)",
    );
    expect(error).toMatchObject({ problem: "proxy", isTransient: true });
  });

  it("says that the variable names no proxy", async () => {
    env = { HTTPS_PROXY: "http://me:hunter2@" };
    const error = await errorOf("https://gitlab.test/");
    expect(error.message).toMatch(/^`HTTPS_PROXY` is not the address of a proxy/);
    expect(error).toMatchObject({ problem: "proxy", isTransient: false });
  });

  it("does not wait for ever", async () => {
    const error = await errorOf("https://silent.test/", { timeoutMs: 300 });
    expect(error).toMatchObject({
      message: "no answer in time",
      problem: "timeout",
      isTransient: true,
    });
  });
});
