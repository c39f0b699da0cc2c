import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import waitFor from "p-wait-for";
import { Agent, request } from "undici";
import { stringify } from "yaml";

import type { GitLabOptions } from "../../../../../sandbox/gitlab/server";
import {
  ensureAuthority,
  ensureLeaf,
  ensureTokenSigner,
  type KeyPair,
} from "../../../../../sandbox/host/pki";
import { ensureTools } from "../../../../../sandbox/tools/ensure";
import { findFreePort } from "../../../../support/freePort";
import { World } from "../../support/world";

const issuer = "gitlab-issuer";
const startMs = 30_000;

/** How a registry is started. */
export interface RealRegistryArgs {
  /** @default plain HTTP */
  readonly tls?: boolean;
  /** Of the simulator, beside what connects it with the registry. */
  readonly gitlab?: Partial<GitLabOptions>;
}

/** A simulator with the registry program of Debian's behind it, which takes the simulator's tokens alone. */
export class RealRegistry {
  readonly world = new World();
  /** `host:port`, as image references have it. */
  host = "";
  private process: ChildProcess | undefined;
  private output = "";

  async start({ tls = false, gitlab = {} }: RealRegistryArgs = {}): Promise<void> {
    const tools = await ensureTools(["docker-registry"], { progress: "silent" });
    const folder = join(this.world.folder, "registry");
    mkdirSync(folder);
    const signer = await ensureTokenSigner(folder, "signer");
    const authority = await ensureAuthority(folder, "authority");
    const leaf = await ensureLeaf(folder, "registry", authority, {
      commonName: "registry",
      hosts: ["127.0.0.1"],
    });
    this.host = `127.0.0.1:${await findFreePort()}`;
    const url = `${tls ? "https" : "http"}://${this.host}`;

    await this.world.start({
      registry: this.host,
      registryUrl: url,
      registryAuthority: readFileSync(authority.certificate, "utf8"),
      signingKey: readFileSync(signer.key, "utf8"),
      issuer,
      ...gitlab,
    });
    const configuration = join(folder, "config.yml");
    const certificates = tls ? leaf : undefined;
    writeFileSync(configuration, this.configure(folder, signer, certificates));
    this.process = spawn(tools.get("docker-registry")!.path, ["serve", configuration]);
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    }
    await this.waitUntilItAnswers(url, readFileSync(authority.certificate, "utf8"));
  }

  /** Ends the registry alone: the simulator finds nobody there. */
  async end(): Promise<void> {
    const ending = this.process;
    if (ending === undefined) return;
    this.process = undefined;
    const ended = once(ending, "close");
    ending.kill("SIGTERM");
    await ended;
  }

  async stop(): Promise<void> {
    await this.end();
    await this.world.stop();
  }

  private configure(folder: string, signer: KeyPair, leaf: KeyPair | undefined): string {
    return stringify({
      version: 0.1,
      log: { level: "warn", accesslog: { disabled: true } },
      auth: {
        token: {
          realm: `${this.world.address}/jwt/auth`,
          service: "container_registry",
          issuer,
          rootcertbundle: signer.certificate,
        },
      },
      storage: {
        filesystem: { rootdirectory: join(folder, "storage") },
        delete: { enabled: true },
      },
      http: {
        addr: this.host,
        ...(leaf && { tls: { certificate: leaf.certificate, key: leaf.key } }),
      },
    });
  }

  private async waitUntilItAnswers(url: string, ca: string): Promise<void> {
    const dispatcher = new Agent({ connect: { ca } });
    const answers = async (): Promise<boolean> => {
      if (this.process?.exitCode !== null) throw new Error(`The registry ended:\n${this.output}`);
      try {
        const response = await request(`${url}/v2/`, { dispatcher });
        await response.body.dump();
        return response.statusCode === 401;
      } catch {
        return false;
      }
    };
    await waitFor(answers, { interval: 20, timeout: startMs });
    await dispatcher.close();
  }
}
