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
  /**
   * URL under which the simulator reaches the registry, without a slash at its end.
   *
   * @default `registry` over HTTPS
   */
  readonly registryUrl?: string;
  /** Certificate of the authority that signed the registry's, PEM. @default those that Node trusts */
  readonly registryAuthority?: string;
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
  /** How often the clock is looked at for cleanup policies that are due. @default every minute */
  readonly scheduleMs?: number;
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
  /** The state, for tests and for who runs it in their own process. */
  readonly gitlab: GitLab;
  /** Answers what it has begun to, and stops. */
  close(): Promise<void>;
}

/** Starts the simulator; it answers when the promise settles. */
export async function startGitLab(options: GitLabOptions): Promise<RunningGitLab> {
  const log = options.log ?? (() => undefined);
  const background = new Background(log);
  const images = connectRegistry(options);
  const means = { background, images };
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(options.data, "gitlab.sqlite"));
  // What is written survives the process' end, though not the machine's: faster by far than the other way.
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
        // Not by the clock that can be moved: the registry compares with its own, which can't be.
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
    // Of a seed that is wrong, nothing stays.
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

/** The simulator's clock may be set to any time; the registry's can't, so these tokens go by the machine's. */
function connectRegistry(options: GitLabOptions): RegistryClient {
  return new RegistryClient({
    url: options.registryUrl ?? `https://${options.registry}`,
    authority: options.registryAuthority,
    issuer: options.issuer,
    signer: new TokenSigner(options.signingKey, () => new Date()),
  });
}
