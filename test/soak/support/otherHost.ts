import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A font with one letter, a square, made for this test with fontTools. */
const font = Buffer.from(
  [
    "AAEAAAAKAIAAAwAgT1MvMkVARR0AAAEoAAAAYGNtYXAADAC0AAABkAAAADRnbHlmSfZmEAAAAcwAAAAwaGVhZGEKQtQA",
    "AACsAAAANmhoZWEFFgH2AAAA5AAAACRobXR4AlgAAAAAAYgAAAAGbG9jYQAYAAwAAAHEAAAABm1heHAABAAGAAABCAAA",
    "ACBuYW1lAJhbyAAAAfwAAAA8cG9zdAADAAAAAAI4AAAAIAABAAAAAQAAtLQD318PPPUAAwPoAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAB9AH0AAAAAwACAAAAAAAAAAEAAAMg/zgAAAJYAAAAZAH0AAEAAAAAAAAAAAAAAAAAAAABAAEAAAACAAQAAQAA",
    "AAAAAgAAAAAAAAAAAAAAAAAAAAAAAwJYAZAABQAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAA",
    "AAAAAAAAAAAAPz8/PwAAAGEAYQMgAAAAAAMgAMgAAAAAAAAAAAAAAAAAAAAgAAACWAAAAAAAAAAAAAIAAAADAAAAFAAD",
    "AAEAAAAUAAQAIAAAAAQABAABAAAAYf//AAAAYf///6AAAQAAAAAAAAAMABgAAAABAAAAAAH0AfQAAwAAMREhEQH0AfT+",
    "DAABAAAAAAH0AfQAAwAAMREhEQH0AfT+DAAAAAQANgABAAAAAAABAAEAAAABAAAAAAACAAEAAQADAAEECQABAAIAAgAD",
    "AAEECQACAAIABFNSAFMAUgADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ].join(""),
  "base64",
);

/** A server of another host, with what pages of others embed: a script, a font, a page for a frame. */
export class OtherHost {
  private constructor(private readonly server: Server) {}

  public static async start(): Promise<OtherHost> {
    const server = createServer(({ url = "" }, response) => {
      response.setHeader("access-control-allow-origin", "*");
      if (url.endsWith(".js")) {
        response.setHeader("content-type", "text/javascript");
        response.end(
          "globalThis.analytics = true; fetch(new URL('/collect', document.currentScript.src));",
        );
      } else if (url.endsWith(".ttf")) {
        response.setHeader("content-type", "font/ttf");
        response.end(font);
      } else {
        response.setHeader("content-type", "text/html");
        response.end("<p>embedded</p>");
      }
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return new OtherHost(server);
  }

  /** Its origin. Browsers take this address for a safe one, also in a page over HTTPS. */
  public get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
