import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";

import { ensureAuthority, ensureLeaf, ensureTokenSigner } from "../../../sandbox/host/pki";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pki-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("ensureLeaf", () => {
  it("makes a certificate that a client with the authority accepts", async () => {
    const authority = await ensureAuthority(folder, "ca");
    const leaf = await ensureLeaf(folder, "server", authority, {
      commonName: "server",
      hosts: ["gitlab.example.com", "127.0.0.1"],
    });
    const listening = createServer({
      key: readFileSync(leaf.key),
      cert: readFileSync(leaf.certificate),
    });
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as { port: number };
    const attempt = (servername: string, ca?: Buffer): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ host: "127.0.0.1", port, servername, ca }, () => {
          resolve("accepted");
          socket.destroy();
        });
        socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      });

    const ca = readFileSync(authority.certificate);
    expect(await attempt("gitlab.example.com", ca)).toBe("accepted");
    expect(await attempt("elsewhere.example.com", ca)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await attempt("gitlab.example.com")).not.toBe("accepted");
    listening.close();
  });

  it("keeps a certificate that is good, and replaces one that lacks a host", async () => {
    const authority = await ensureAuthority(folder, "ca");
    const make = async (...hosts: string[]): Promise<string> => {
      const leaf = await ensureLeaf(folder, "server", authority, { commonName: "server", hosts });
      return new X509Certificate(readFileSync(leaf.certificate)).serialNumber;
    };
    const first = await make("a.example.com");
    expect(await make("a.example.com")).toBe(first);
    expect(await make("a.example.com", "10.0.0.1")).not.toBe(first);
  });

  it("keeps keys to their owner", async () => {
    const authority = await ensureAuthority(folder, "ca");
    expect(statSync(authority.key).mode & 0o077).toBe(0);
  });
});

describe("ensureTokenSigner", () => {
  it("makes an RSA key, which RS256 asks for", async () => {
    const { certificate } = await ensureTokenSigner(folder, "signer");
    const { publicKey } = new X509Certificate(readFileSync(certificate));
    expect(publicKey.asymmetricKeyType).toBe("rsa");
  });
});
