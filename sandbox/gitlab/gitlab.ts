import type { DatabaseSync } from "node:sqlite";

import type { Clock } from "./clock";
import { Limits } from "./limits/limits";
import { AccessTokens } from "./model/accessTokens";
import { DeployTokens } from "./model/deployTokens";
import { Events } from "./model/events";
import { Jobs } from "./model/jobs";
import { Members } from "./model/members";
import { Namespaces } from "./model/namespaces";
import type { Settings } from "./model/settings";
import { Users } from "./model/users";

/** What the simulated GitLab is, apart from its state. */
export interface Instance {
  /** External URL, without a slash at its end; links in answers begin with it. */
  readonly url: string;
  /** `host[:port]` of the container registry. */
  readonly registry: string;
  /** The clock's time. Everything that can expire asks it. */
  readonly now: () => Date;
  readonly clock: Clock;
  /** What an administrator sets. */
  readonly settings: Settings;
}

/** The state, one model for each kind of record, and the instance it belongs to. */
export interface GitLab extends Instance {
  readonly users: Users;
  readonly namespaces: Namespaces;
  readonly members: Members;
  readonly accessTokens: AccessTokens;
  readonly deployTokens: DeployTokens;
  readonly jobs: Jobs;
  readonly events: Events;
  /** How often something may be done. */
  readonly limits: Limits;
}

/** Opens the models on a database, making the tables that are not there yet. */
export function openGitLab(instance: Instance, database: DatabaseSync): GitLab {
  // The order is that of their foreign keys.
  const users = new Users(database, instance.now);
  const namespaces = new Namespaces(database, instance.now);
  return {
    // By reference: the URL is known only when the server listens.
    get url() {
      return instance.url;
    },
    registry: instance.registry,
    now: instance.now,
    clock: instance.clock,
    settings: instance.settings,
    users,
    namespaces,
    members: new Members(database, namespaces),
    accessTokens: new AccessTokens(database, instance.now),
    deployTokens: new DeployTokens(database, instance.now),
    jobs: new Jobs(database, instance.now),
    events: new Events(database, instance.now),
    limits: new Limits(instance.settings, instance.now),
  };
}
