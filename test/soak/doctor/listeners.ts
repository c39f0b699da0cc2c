import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type CertificateArgs, createServerCertificate } from "../../support/certificates";

/** Name that every machine resolves to itself, without a proxy. */
export const localhost = "localhost";

/** Answer of a server to every request. */
export interface Page {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** Servers with faults, on ports of this machine that nothing else uses. */
export class Listeners {
  private readonly folder = mkdtempSync(join(tmpdir(), "slipway-listeners-"));
  private readonly servers: net.Server[] = [];
  private readonly processes: ChildProcess[] = [];
  private readonly sockets = new Set<net.Socket>();

  /** Shell command after which a certificate of {@link serve} is trusted too. */
  public get trust(): string {
    const file = join(this.folder, "trusted.pem");
    return `cat "$NODE_EXTRA_CA_CERTS" "${join(this.folder, "own.pem")}" > "${file}"; export NODE_EXTRA_CA_CERTS="${file}"`;
  }

  /** A server over TLS, with a certificate for localhost unless said otherwise. */
  public async serve(page: Page, certificate: Partial<CertificateArgs> = {}): Promise<number> {
    const args = { commonName: localhost, hosts: [localhost], ...certificate };
    const pair = await createServerCertificate(args);
    writeFileSync(join(this.folder, "own.pem"), pair.cert);
    return this.listen(https.createServer(pair, (_, response) => answer(response, page)));
  }

  /** A server without TLS. */
  public servePlain(page: Page): Promise<number> {
    return this.listen(http.createServer((_, response) => answer(response, page)));
  }

  /** A proxy that refuses every connection. */
  public serveProxy(status: number): Promise<number> {
    const proxy = http.createServer();
    proxy.on("connect", (_, client) => client.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    return this.listen(proxy);
  }

  /** A server that accepts connections and then is silent. */
  public serveSilence(): Promise<number> {
    return this.listen(net.createServer());
  }

  /** A server that closes each connection at its first byte. */
  public serveCuts(): Promise<number> {
    return this.listen(net.createServer((socket) => socket.once("data", () => socket.destroy())));
  }

  /**
   * A port at which the kernel drops what arrives, as a firewall does: that of a stopped process, whose queue of
   * connections is full.
   */
  public async serveDrops(): Promise<number> {
    const script =
      'require("net").createServer().listen({port:0,host:"127.0.0.1",backlog:1},function(){console.log(this.address().port)})';
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    this.processes.push(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const port = Number(line.toString());
    child.kill("SIGSTOP");
    const connections = Array.from({ length: 8 }, () => net.connect(port, "127.0.0.1"));
    for (const socket of connections) this.keep(socket.on("error", () => undefined));
    await new Promise((resolve) => setTimeout(resolve, 500));
    return port;
  }

  public close(): void {
    for (const child of this.processes) child.kill("SIGKILL");
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers) server.close();
    rmSync(this.folder, { recursive: true });
  }

  private async listen(server: net.Server): Promise<number> {
    this.servers.push(server);
    server.on("connection", (socket) => this.keep(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as net.AddressInfo).port;
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.sockets.delete(socket));
  }
}

function answer(response: http.ServerResponse, { headers, status, text = "" }: Page): void {
  response.writeHead(status, headers).end(text);
}
