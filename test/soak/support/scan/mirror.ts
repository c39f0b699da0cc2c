import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";

import { ensureLeaf } from "../../../../sandbox/host/pki";
import { ensureTools } from "../../../../sandbox/tools/ensure";

const host = "127.0.0.1";

/** A private mirror of grype's feed, with the database from `vulnerabilities.json`. */
export class Mirror {
  private constructor(
    private readonly server: Server,
    /** URL for `GRYPE_DB_UPDATE_URL`. */
    public readonly url: string,
    /** Names of the requested files. */
    public readonly requests: readonly string[],
  ) {}

  /**
   * Creates the database in a folder, and serves it.
   *
   * @param pki folder of the private CA, which signs the mirror's certificate
   */
  static async start(folder: string, pki: string): Promise<Mirror> {
    const name = "grype-database";
    const tools = await ensureTools([name], { progress: "silent" });
    rmSync(folder, { recursive: true, force: true });
    execFileSync(tools.get(name)?.path ?? "", [join(__dirname, "vulnerabilities.json"), folder]);

    const authority = {
      key: join(pki, "gitlab-ca.key"),
      certificate: join(pki, "gitlab-ca.pem"),
    };
    const leaf = await ensureLeaf(folder, "mirror", authority, {
      commonName: "mirror",
      hosts: [host],
    });
    const requests: string[] = [];
    const server = createServer(
      { key: readFileSync(leaf.key), cert: readFileSync(leaf.certificate) },
      (request, response) => {
        const file = basename(decodeURIComponent(new URL(request.url ?? "", "https://_").pathname));
        requests.push(file);
        if (existsSync(join(folder, file))) createReadStream(join(folder, file)).pipe(response);
        else response.writeHead(404).end();
      },
    ).listen(0, host);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return new Mirror(server, `https://${host}:${port}/latest.json`, requests);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
