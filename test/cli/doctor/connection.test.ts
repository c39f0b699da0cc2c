import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

import { connectTcp, type Endpoint, resolveHost } from "../../../cli/doctor/probe";
import { Inspection } from "../../../cli/doctor/inspection";
import { createConnectionSteps } from "../../../cli/doctor/steps/connection";
import { inspectTls } from "../../../cli/doctor/tlsFindings";
import { ensureAuthority, ensureLeaf, type KeyPair } from "../../../sandbox/host/pki";
import { FakeIo } from "../../support/cli";
import { createServerCertificate } from "../../support/certificates";

let folder: string;
let authority: KeyPair;
const servers: Server[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  authority = await ensureAuthority(folder, "ca");
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<Endpoint> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { host: "localhost", port, label: "the registry" };
}

async function startTls(hosts: readonly string[]): Promise<Endpoint> {
  const name = hosts.join();
  const { certificate, key } = await ensureLeaf(folder, name, authority, {
    commonName: name,
    hosts,
  });
  const pair = { key: readFileSync(key), cert: readFileSync(certificate) };
  return listen(createTlsServer(pair, (socket) => socket.end()));
}

async function startSelfSigned(args: { notBefore?: string; notAfter?: string }) {
  const pair = await createServerCertificate({
    commonName: "localhost",
    hosts: ["localhost"],
    ...args,
  });
  const endpoint = await listen(createTlsServer(pair, (socket) => socket.end()));
  return { endpoint, ca: pair.cert };
}

const causeOf = async (endpoint: Endpoint, ca?: string) =>
  (await inspectTls(endpoint, ca)).findings?.map(({ cause }) => cause);

describe("DNS", () => {
  it("finds a name", async () => {
    expect(await resolveHost({ host: "localhost", port: 1, label: "x" })).toContain("127.0.0.1");
  });

  it("says that a name is not known", async () => {
    const host = "gitlab.invalid";
    expect(await resolveHost({ host, port: 1, label: "GitLab" })).toMatchObject({
      cause: expect.stringMatching(
        /^The DNS (does not know|server did not answer about) `gitlab\.invalid`, the host of GitLab\.$/,
      ) as string,
    });
  });
});

describe("TCP", () => {
  it("connects", async () => {
    expect(await connectTcp(await listen(createServer()))).toBeUndefined();
  });

  it("says that nothing listens", async () => {
    const endpoint = await listen(createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await connectTcp(endpoint)).toMatchObject({
      cause: `Nothing listens at localhost:${endpoint.port}, the address of the registry: the connection was refused.`,
    });
  });
});

describe("TLS", () => {
  it("accepts a certificate of the given CA", async () => {
    const outcome = await inspectTls(
      await startTls(["localhost"]),
      readFileSync(authority.certificate, "utf8"),
    );
    expect(outcome.findings).toBeUndefined();
    expect(outcome.detail).toMatch(/^certificate valid until \d{4}-\d\d-\d\d$/);
  });

  it("names a CA that is not trusted, and the files that other programs need", async () => {
    const endpoint = await startTls(["localhost"]);
    const { findings = [] } = await inspectTls(endpoint, undefined);
    expect(findings).toEqual([
      {
        cause: `The certificate of the registry at localhost:${endpoint.port} is signed by "Slipway sandbox ca", a CA that is not trusted here. The server sends no intermediate certificate with it.`,
        remedy: 'pulumi config set caCertificate <file with that CA> && eval "$(npx slipway env)"',
        lines: [
          `Docker:     /etc/docker/certs.d/localhost:${endpoint.port}/ca.crt, then restart its daemon`,
          `containerd: /etc/containerd/certs.d/localhost:${endpoint.port}/hosts.toml, with \`ca = "<file>"\`, on every node`,
          "runner:     `tls-ca-file` in its config.toml",
        ],
      },
    ]);
  });

  it("names the names of another host's certificate", async () => {
    const endpoint = await startTls(["gitlab.example.com", "registry.example.com"]);
    expect(await causeOf(endpoint, readFileSync(authority.certificate, "utf8"))).toEqual([
      `The certificate of the registry at localhost:${endpoint.port} is for other names: gitlab.example.com, registry.example.com.`,
    ]);
  });

  it("says that a certificate expired", async () => {
    const { ca, endpoint } = await startSelfSigned({ notAfter: "2024-01-01" });
    expect(await causeOf(endpoint, ca)).toEqual([
      `The certificate of the registry at localhost:${endpoint.port} expired on Jan  1 00:00:00 2024 GMT, by this machine's clock.`,
    ]);
  });

  it("says that a certificate is not valid yet", async () => {
    const { ca, endpoint } = await startSelfSigned({ notBefore: "2080-01-01" });
    expect(await causeOf(endpoint, ca)).toEqual([
      `The certificate of the registry at localhost:${endpoint.port} is valid from Jan  1 00:00:00 2080 GMT, which is in the future by this machine's clock.`,
    ]);
  });

  it("warns of a certificate that expires soon", async () => {
    const notAfter = new Date(Date.now() + 5.5 * 24 * 60 * 60 * 1000).toISOString();
    const { ca, endpoint } = await startSelfSigned({ notAfter });
    const { findings, warnings } = await inspectTls(endpoint, ca);
    expect(findings).toBeUndefined();
    expect(warnings?.map(({ cause }) => cause)).toEqual([
      `The certificate of the registry expires in 5 days, on ${notAfter.slice(0, 10)}.`,
    ]);
  });

  it("says that a port answers without TLS", async () => {
    const endpoint = await listen(createHttpServer((_, response) => response.end("hello")));
    expect(await causeOf(endpoint)).toEqual([
      `localhost:${endpoint.port}, the address of the registry, answers without TLS.`,
    ]);
  });

  it("says that a server closes the connection", async () => {
    const endpoint = await listen(createServer((socket) => socket.destroy()));
    expect(await causeOf(endpoint)).toEqual([
      `localhost:${endpoint.port}, the address of the registry, closed the connection in the TLS handshake.`,
    ]);
  });

  it("says that a server accepts the connection and never answers, which is the network's", async () => {
    const endpoint = await listen(createServer((socket) => socket.on("error", () => undefined)));
    expect((await inspectTls(endpoint, undefined)).findings).toMatchObject([
      {
        cause: `localhost:${endpoint.port}, the address of the registry, accepts connections, but does not answer a TLS handshake.`,
        failure: "network",
      },
    ]);
  }, 15_000);

  it("says that an address without TLS is that of a port with TLS", async () => {
    const { port } = await startTls(["localhost"]);
    const io = new FakeIo({});
    const inspection = new Inspection({ cwd: "." }, io);
    const target = { registry: "", path: "", project: "", apiUrl: "", token: "", logins: [] };
    inspection.set("target", { ...target, caCertificate: undefined });
    const locate = () => new URL(`http://localhost:${port}/api/v4`);
    const [, , tls] = createConnectionSteps({ id: "gitlab", name: "GitLab", locate });
    expect((await tls?.run(inspection))?.findings).toEqual([
      {
        cause: `localhost:${port} speaks TLS, and its configured address begins with "http://".`,
        remedy: `pulumi config set gitlab:baseUrl https://localhost:${port}/api/v4/`,
      },
    ]);
  });
});
