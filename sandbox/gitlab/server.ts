import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { buildApp, type Tls } from "./app";
import { applySeed } from "./applySeed";
import { Clock } from "./clock";
import { buildControl } from "./control/app";
import { Faults } from "./control/faults";
import { openGitLab, type Instance } from "./gitlab";
import { Settings } from "./model/settings";
import { TokenSigner } from "./registry/signer";
import { upgradeSchema } from "./schema";
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
  /** Where the control endpoint listens, apart from the API. @default there is none */
  readonly control?: { readonly host: string; readonly port: number };
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
  /** URL of the control endpoint. */
  readonly control: string | undefined;
  /** All routes of the API and around it, as `GET /api/v4/user`. */
  readonly routes: readonly string[];
  /** Answers what it has begun to, and stops. */
  close(): Promise<void>;
}

/** Starts the simulator; it answers when the promise settles. */
export async function startGitLab(options: GitLabOptions): Promise<RunningGitLab> {
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(options.data, "gitlab.sqlite"));
  try {
    upgradeSchema(database, (fresh) => openGitLab(createInstance(options, fresh), fresh));
    const instance = createInstance(options, database);
    const gitlab = openGitLab(instance, database);
    database.exec("BEGIN");
    applySeed(gitlab, options.seed ?? {});
    database.exec("COMMIT");

    const faults = new Faults();
    const { app, routes } = buildApp(gitlab, {
      tls: options.tls,
      tokens: {
        issuer: options.issuer,
        // Not by the clock that can be moved: the registry compares with its own, which can't be.
        signer: new TokenSigner(options.signingKey, options.now ?? (() => new Date())),
      },
      faults,
      log: options.log ?? (() => undefined),
    });
    const control = buildControl({ gitlab, faults, database });
    const address = await app.listen({ host: options.host, port: options.port });
    instance.url ||= address;
    return {
      url: instance.url,
      address,
      routes: routes.list(),
      control: options.control && (await control.listen(options.control)),
      close: async () => {
        await Promise.all([app.close(), control.close()]);
        database.close();
      },
    };
  } catch (error) {
    // Of a seed that is wrong, nothing stays.
    database.close();
    throw error;
  }
}

function createInstance(
  options: GitLabOptions,
  database: DatabaseSync,
): Instance & { url: string } {
  const settings = new Settings(database);
  const clock = new Clock(options.now ?? (() => new Date()), settings);
  return { url: options.url ?? "", registry: options.registry, now: clock.now, clock, settings };
}
