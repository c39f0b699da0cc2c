import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";

import { ensureAuthority, ensureLeaf, type KeyPair } from "../../sandbox/host/pki";

/** Answers a request to a host in the network. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A network whose host names only its proxy can resolve, with certificates of its own CA. Without the proxy nothing
 * can be reached.
 */
export class PrivateNetwork {
  /** `CONNECT host:port` and `GET url` of every request to the proxy. */
  public readonly seen: string[] = [];
  /** User name and password that the proxy requires. */
  public login: string | undefined;
  /** Status with which the proxy refuses every request. */
  public refuseWith: number | undefined;
  /** Whether the proxy closes connections without an answer. */
  public isSilent = false;

  private readonly folder = mkdtempSync(join(tmpdir(), "slipway-network-"));
  private readonly ports = new Map<string, number>();
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Duplex>();
  private authority: KeyPair | undefined;
  private proxyPort = 0;

  /** File with the network's CA. */
  public get caFile(): string {
    return join(this.folder, "ca.pem");
  }

  /** The network's CA, as PEM. */
  public get ca(): string {
    return readFileSync(this.caFile, "utf8");
  }

  /** URL of the proxy, with its credentials. */
  public get proxy(): string {
    return `http://${this.login === undefined ? "" : `${this.login}@`}127.0.0.1:${this.proxyPort}`;
  }

  public async start(): Promise<void> {
    this.authority = await ensureAuthority(this.folder, "ca");
    const proxy = createServer((incoming, response) => this.forward(incoming, response));
    proxy.on("connect", (incoming: IncomingMessage, client: Duplex) =>
      this.tunnel(incoming, client),
    );
    this.proxyPort = await this.listen(proxy);
  }

  /** Adds a host `name:port`, over TLS unless its port is 80. */
  public async addHost(address: string, handler: Handler): Promise<void> {
    const [name, port] = address.split(":");
    if (this.authority === undefined) throw new Error("Start the network first.");
    if (port === "80") {
      this.ports.set(address, await this.listen(createServer(handler)));
      return;
    }
    const args = { commonName: name, hosts: [name] };
    const pair = await ensureLeaf(this.folder, name, this.authority, args);
    const tls = { key: readFileSync(pair.key), cert: readFileSync(pair.certificate) };
    this.ports.set(address, await this.listen(createTlsServer(tls, handler)));
  }

  public async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(
      this.servers.map((server) => new Promise((resolve) => server.close(resolve))),
    );
    rmSync(this.folder, { recursive: true });
  }

  private async listen(server: Server): Promise<number> {
    this.servers.push(server);
    server.on("connection", (socket: Socket) => this.keep(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.sockets.delete(socket));
  }

  private tunnel({ headers, url = "" }: IncomingMessage, client: Duplex): void {
    this.seen.push(`CONNECT ${url}`);
    this.keep(client);
    const port = this.ports.get(url);
    const status = this.findRefusal(headers) ?? (port === undefined ? 502 : 200);
    if (this.isSilent) client.destroy();
    else if (status !== 200) client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    else {
      const server = connect(port ?? 0, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        server.pipe(client).pipe(server);
      });
      this.keep(server);
    }
  }

  /** Forwards a request to a host without TLS, which has the whole URL. */
  private forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { headers, method, url = "" } = incoming;
    this.seen.push(`${method} ${url}`);
    const target = new URL(url);
    const port = this.ports.get(`${target.hostname}:${target.port || "80"}`);
    const status = this.findRefusal(headers) ?? (port === undefined ? 502 : 200);
    if (status !== 200) response.writeHead(status).end();
    else passOn(incoming, response, `http://127.0.0.1:${port}${target.pathname}${target.search}`);
  }

  private findRefusal(headers: IncomingMessage["headers"]): number | undefined {
    const wanted = this.login && `Basic ${Buffer.from(this.login).toString("base64")}`;
    return wanted && headers["proxy-authorization"] !== wanted ? 407 : this.refuseWith;
  }
}

/** Answers a request with the answer of another server. */
export function passOn(incoming: IncomingMessage, response: ServerResponse, url: string): void {
  const { headers, method } = incoming;
  const outgoing = request(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  incoming.pipe(outgoing);
}
