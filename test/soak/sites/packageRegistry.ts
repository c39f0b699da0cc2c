import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const name = "@acme/design";
const version = "1.0.0";

/** A company's npm registry on this machine with one package, `@acme/design`, for who has the token. */
export class PackageRegistry {
  public readonly token = "npm-token-of-acme";

  private constructor(private readonly server: Server) {}

  /** @param text what the package exports */
  static async start(text: string): Promise<PackageRegistry> {
    const tarball = pack(text);
    const server = createServer();
    const registry = new PackageRegistry(server);
    server.on("request", ({ headers, url = "" }, response) => {
      if (headers.authorization !== `Bearer ${registry.token}`) {
        response.writeHead(401).end();
      } else if (url.endsWith(".tgz")) {
        response.end(tarball);
      } else {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(registry.describe(tarball)));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** Host and port. */
  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private describe(tarball: Buffer): object {
    const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    const dist = { tarball: `http://${this.address}/design.tgz`, integrity };
    return {
      name,
      "dist-tags": { latest: version },
      versions: { [version]: { name, version, dist } },
    };
  }
}

function pack(text: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "slipway-package-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version }));
    writeFileSync(join(folder, "index.js"), `module.exports = ${JSON.stringify(text)};\n`);
    execFileSync("npm", ["pack", "--silent"], { cwd: folder });
    return readFileSync(join(folder, `acme-design-${version}.tgz`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
