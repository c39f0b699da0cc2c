import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { buildApp, type Tls } from "./app";
import { applySeed } from "./applySeed";
import { openGitLab } from "./gitlab";
import { TokenSigner } from "./registry/signer";
import type { Seed } from "./seed";

/** How the simulator is started. */
export interface GitLabOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /**
   * External URL, without a slash at its end.
   *
   * @default the address it listens on
   */
  readonly url?: string;
  /** `host[:port]` of the container registry. */
  readonly registry: string;
  /** @default plain HTTP */
  readonly tls?: Tls;
  /** RSA private key, PEM, that signs registry tokens. */
  readonly signingKey: string;
  /** Claim `iss` of registry tokens. */
  readonly issuer: string;
  /** Folder of the database, made when it is not there. What is in it survives a restart. */
  readonly data: string;
  readonly seed?: Seed;
  /** @default the machine's clock */
  readonly now?: () => Date;
  /** @default nowhere */
  readonly log?: (line: string) => void;
}

/** A simulator that runs. */
export interface RunningGitLab {
  /** External URL. */
  readonly url: string;
  /** URL of the address it listens on. */
  readonly address: string;
  /** Answers what it has begun to, and stops. */
  close(): Promise<void>;
}

/** Starts the simulator; it answers when the promise settles. */
export async function startGitLab(options: GitLabOptions): Promise<RunningGitLab> {
  const now = options.now ?? (() => new Date());
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(options.data, "gitlab.sqlite"));
  const instance = { url: options.url ?? "", registry: options.registry, now };

  try {
    const gitlab = openGitLab(instance, database);
    database.exec("BEGIN");
    applySeed(gitlab, options.seed ?? {});
    database.exec("COMMIT");
    const app = buildApp(gitlab, {
      tls: options.tls,
      tokens: { issuer: options.issuer, signer: new TokenSigner(options.signingKey, now) },
      log: options.log ?? (() => undefined),
    });
    const address = await app.listen({ host: options.host, port: options.port });
    instance.url ||= address;
    return {
      url: instance.url,
      address,
      close: async () => {
        await app.close();
        database.close();
      },
    };
  } catch (error) {
    // Of a seed that is wrong, nothing stays.
    database.close();
    throw error;
  }
}
