import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry that has every tag and takes everything: for tests of what comes before it is asked. */
export class StubRegistry {
  private server: Server | undefined;

  /** Its URL. */
  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      request.resume();
      const status = { POST: 202, PUT: 201, DELETE: 202 }[request.method ?? ""] ?? 200;
      const isList = request.url?.endsWith("/tags/list");
      response.writeHead(status, { location: "/v2/upload?state=1" });
      response.end(isList ? '{"tags":["v1"]}' : "{}");
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.close();
    this.server?.closeAllConnections();
    if (this.server !== undefined) await once(this.server, "close");
  }
}
