import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { buildApp, type Tls } from "./app";
import { applySeed } from "./seed/applySeed";
import { Background } from "./background";
import { Clock } from "./clock";
import { buildControl } from "./control/app";
import { Faults } from "./control/faults";
import { openGitLab, type GitLab, type Instance } from "./gitlab";
import { Settings } from "./model/settings";
import { RegistryClient } from "./registry/client";
import { startRemoval } from "./registry/deletion";
import { startSchedule } from "./registry/policies";
import { TokenSigner } from "./registry/signer";
import { upgradeSchema } from "./model/schema";
import type { Seed } from "./seed/seed";

const defaultScheduleMs = 60_000;

/** Options of {@link startGitLab}. */
export interface GitLabOptions {
  readonly host: string;
  /** Port to listen on; 0 for any free one. */
  readonly port: number;
  /**
   * External URL, without a trailing slash.
   *
   * @default the address it listens on
   */
  readonly url?: string;
  /** `host[:port]` of the container registry. */
  readonly registry: string;
  /**
   * URL at which the simulator reaches the registry, without a trailing slash.
   *
   * @default `registry` over HTTPS
   */
  readonly registryUrl?: string;
  /** CA certificate that signed the registry's, PEM. @default those that Node trusts */
  readonly registryAuthority?: string;
  /** Address of the control endpoint, separate from the API. @default no control endpoint */
  readonly control?: { readonly host: string; readonly port: number };
  /** @default plain HTTP */
  readonly tls?: Tls;
  /** RSA private key that signs registry tokens, PEM. */
  readonly signingKey: string;
  /** Claim `iss` of registry tokens. */
  readonly issuer: string;
  /** Folder of the database, created if it is missing. Its data survives a restart. */
  readonly data: string;
  readonly seed?: Seed;
  /** Interval at which due cleanup policies are looked for, in milliseconds. @default every minute */
  readonly scheduleMs?: number;
  /** @default the machine's clock */
  readonly now?: () => Date;
  /** @default no log */
  readonly log?: (line: string) => void;
}

/** A running simulator. */
export interface RunningGitLab {
  /** External URL. */
  readonly url: string;
  /** URL of the address that it listens on. */
  readonly address: string;
  /** URL of the control endpoint. */
  readonly control: string | undefined;
  /** All routes, inside and outside of the API, such as `GET /api/v4/user`. */
  readonly routes: readonly string[];
  /** The data, for tests and for programs that run the simulator in their own process. */
  readonly gitlab: GitLab;
  /** Finishes the requests in progress, and stops. */
  close(): Promise<void>;
}

/** Starts the simulator, which is ready when the promise resolves. */
export async function startGitLab(options: GitLabOptions): Promise<RunningGitLab> {
  const log = options.log ?? (() => undefined);
  const background = new Background(log);
  const images = connectRegistry(options);
  const means = { background, images };
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(options.data, "gitlab.sqlite"));
  // Written data survives a crash of the process, though not of the machine. This is much faster than full safety.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  try {
    upgradeSchema(database, (fresh) => openGitLab(createInstance(options, fresh, means), fresh));
    const instance = createInstance(options, database, means);
    const gitlab = openGitLab(instance, database);
    database.exec("BEGIN");
    applySeed(gitlab, options.seed ?? {});
    database.exec("COMMIT");

    const faults = new Faults();
    const { app, routes } = buildApp(gitlab, {
      tls: options.tls,
      tokens: {
        issuer: options.issuer,
        // Not the clock that can be shifted: the registry checks with its own clock, which can't be shifted.
        signer: new TokenSigner(options.signingKey, options.now ?? (() => new Date())),
      },
      faults,
      log,
    });
    const control = buildControl({ gitlab, faults, database });
    const address = await app.listen({ host: options.host, port: options.port });
    instance.url ||= address;
    for (const repository of gitlab.containerRepositories.listDoomed()) {
      startRemoval(gitlab, repository);
    }
    const stopSchedule = startSchedule(gitlab, options.scheduleMs ?? defaultScheduleMs);
    return {
      url: instance.url,
      address,
      routes: routes.list(),
      control: options.control && (await control.listen(options.control)),
      gitlab,
      close: async () => {
        stopSchedule();
        await Promise.all([app.close(), control.close()]);
        await background.idle();
        await images.close();
        database.close();
      },
    };
  } catch (error) {
    // A seed with problems leaves nothing behind.
    await images.close();
    database.close();
    throw error;
  }
}

function createInstance(
  options: GitLabOptions,
  database: DatabaseSync,
  means: Pick<Instance, "background" | "images">,
): Instance & { url: string } {
  const settings = new Settings(database);
  const clock = new Clock(options.now ?? (() => new Date()), settings);
  const { url = "", registry } = options;
  return { url, registry, now: clock.now, clock, settings, ...means };
}

/**
 * Connects to the registry. Its tokens use the machine's clock, because only the simulator's clock can be shifted.
 */
function connectRegistry(options: GitLabOptions): RegistryClient {
  return new RegistryClient({
    url: options.registryUrl ?? `https://${options.registry}`,
    authority: options.registryAuthority,
    issuer: options.issuer,
    signer: new TokenSigner(options.signingKey, () => new Date()),
  });
}
