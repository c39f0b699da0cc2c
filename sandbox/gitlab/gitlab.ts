import type { DatabaseSync } from "node:sqlite";

import type { Background } from "./background";
import type { Clock } from "./clock";
import { Limits } from "./limits/limits";
import { AccessTokens } from "./model/accessTokens";
import { CleanupPolicies } from "./model/cleanupPolicies";
import { ContainerRepositories } from "./model/containerRepositories";
import { Branches } from "./model/branches";
import { CiVariables } from "./model/ciVariables";
import { Deployments } from "./model/deployments";
import { DeployTokens } from "./model/deployTokens";
import { Environments } from "./model/environments";
import { Events } from "./model/events";
import { InternalIds } from "./model/internalIds";
import { Jobs } from "./model/jobs";
import { JobTokenAllowlist } from "./model/jobTokenAllowlist";
import { Members } from "./model/members";
import { MergeRequests } from "./model/mergeRequests";
import { Namespaces } from "./model/namespaces";
import { ProtectionRules } from "./model/protectionRules";
import { Notes } from "./model/notes";
import { Pipelines } from "./model/pipelines";
import { ResourceBots } from "./model/resourceBots";
import type { Settings } from "./model/settings";
import { StateEvents } from "./model/stateEvents";
import { Users } from "./model/users";
import type { RegistryClient } from "./registry/client";

/** Properties of the simulated GitLab other than its data. */
export interface Instance {
  /** External URL, without a trailing slash; links in answers begin with it. */
  readonly url: string;
  /** `host[:port]` of the container registry. */
  readonly registry: string;
  /** The clock's time, which decides all expiries. */
  readonly now: () => Date;
  /** Client of the registry, for reading and changing its contents. */
  readonly images: RegistryClient;
  /** Work that continues after a request has been answered. */
  readonly background: Background;
  readonly clock: Clock;
  /** Settings of an administrator. */
  readonly settings: Settings;
}

/** The data, one model for each kind of record, and the instance it belongs to. */
export interface GitLab extends Instance {
  readonly users: Users;
  readonly namespaces: Namespaces;
  readonly members: Members;
  readonly accessTokens: AccessTokens;
  readonly ciVariables: CiVariables;
  readonly deployTokens: DeployTokens;
  readonly deployments: Deployments;
  readonly environments: Environments;
  readonly jobs: Jobs;
  readonly mergeRequests: MergeRequests;
  readonly notes: Notes;
  readonly pipelines: Pipelines;
  readonly resourceBots: ResourceBots;
  readonly stateEvents: StateEvents;
  readonly events: Events;
  readonly jobTokenAllowlist: JobTokenAllowlist;
  readonly containerRepositories: ContainerRepositories;
  readonly repositoryProtectionRules: ProtectionRules;
  readonly tagProtectionRules: ProtectionRules;
  readonly cleanupPolicies: CleanupPolicies;
  /** Rate limits. */
  readonly limits: Limits;
}

/** Opens the models on a database, and creates the missing tables. */
export function openGitLab(instance: Instance, database: DatabaseSync): GitLab {
  // The order of their foreign keys.
  const users = new Users(database, instance.now);
  const namespaces = new Namespaces(database, instance.now);
  const members = new Members(database, namespaces, instance.now);
  const internalIds = new InternalIds(database);
  const branches = new Branches(database);
  const jobs = new Jobs(database, instance.now);
  return {
    // A getter, since the URL is known only when the server listens.
    get url() {
      return instance.url;
    },
    registry: instance.registry,
    now: instance.now,
    images: instance.images,
    background: instance.background,
    clock: instance.clock,
    settings: instance.settings,
    users,
    namespaces,
    members,
    accessTokens: new AccessTokens(database, instance.now),
    ciVariables: new CiVariables(database),
    resourceBots: new ResourceBots(database, users, members),
    deployTokens: new DeployTokens(database, instance.now),
    environments: new Environments(database, instance.now),
    deployments: new Deployments(database, instance.now, internalIds),
    jobs,
    mergeRequests: new MergeRequests(database, instance.now, internalIds, branches),
    notes: new Notes(database, instance.now),
    pipelines: new Pipelines(database, instance.now, internalIds, branches, jobs),
    stateEvents: new StateEvents(database, instance.now),
    events: new Events(database, instance.now),
    jobTokenAllowlist: new JobTokenAllowlist(database),
    containerRepositories: new ContainerRepositories(database, instance.now),
    repositoryProtectionRules: new ProtectionRules(database, "repository"),
    tagProtectionRules: new ProtectionRules(database, "tag"),
    cleanupPolicies: new CleanupPolicies(database, instance.now),
    limits: new Limits(instance.settings, instance.now),
  };
}
