import type { FastifyRequest } from "fastify";

import type { GitLab } from "../gitlab";
import type { DeployToken } from "../model/deployTokens";
import type { Job } from "../model/jobs";
import type { User } from "../model/users";

/** What a credential opens at the registry, before anybody asks for which project. */
export type Ability = "pull" | "push" | "administer";

/** Who asks for a registry token. */
export interface Identity {
  /** GitLab's name for the kind of credential. */
  readonly authType: "personal_access_token" | "deploy_token" | "build" | "gitlab_or_ldap" | "none";
  readonly abilities: readonly Ability[];
  /** How the event log calls the credential: kind and id, never its value. */
  readonly credential: string | null;
  readonly user?: User;
  readonly deployToken?: DeployToken;
  /** A job opens its own project, and others only where they let it. */
  readonly job?: Job;
}

const everything: readonly Ability[] = ["pull", "push", "administer"];

/** Abilities by token scope; scopes that aren't here have nothing to do with the registry. */
const abilitiesByScope: Readonly<Record<string, readonly Ability[]>> = {
  api: everything,
  read_registry: ["pull"],
  write_registry: ["push"],
};

/** The user name that goes with a job's token. */
const jobUsername = "gitlab-ci-token";

/** Who the request is from; undefined when it carries a credential that is refused. */
export function identify(gitlab: GitLab, request: FastifyRequest): Identity | undefined {
  const basic = readBasic(request);
  if (basic === undefined) return { authType: "none", abilities: ["pull"], credential: null };
  return (
    tryJobToken(gitlab, basic.username, basic.password) ??
    tryAccessToken(gitlab, basic.password) ??
    tryDeployToken(gitlab, basic.username, basic.password) ??
    tryPassword(gitlab, basic.username, basic.password)
  );
}

/** A job's token lives as long as the job runs. */
function tryJobToken(gitlab: GitLab, username: string, password: string): Identity | undefined {
  if (username !== jobUsername) return undefined;
  const job = gitlab.jobs.findByToken(password);
  const user = job && gitlab.users.find(job.userId);
  if (user === undefined || job?.status !== "running") return undefined;
  return { authType: "build", abilities: everything, credential: `job_token ${job.id}`, user, job };
}

/**
 * A token of a person's, or of a project's or group's bot. The user name doesn't matter: the token names
 * its owner.
 */
function tryAccessToken(gitlab: GitLab, password: string): Identity | undefined {
  const token = gitlab.accessTokens.findByValue(password);
  if (token === undefined || !gitlab.accessTokens.isActive(token)) return undefined;
  const user = gitlab.users.find(token.userId);
  if (user === undefined) return undefined;
  gitlab.accessTokens.touch(token);
  return {
    authType: "personal_access_token",
    abilities: findAbilities(token.scopes),
    credential: `personal_access_token ${token.id}`,
    user,
  };
}

function tryDeployToken(gitlab: GitLab, username: string, password: string): Identity | undefined {
  const deployToken = gitlab.deployTokens.findActiveByValue(password);
  if (deployToken === undefined || deployToken.username !== username) return undefined;
  return {
    authType: "deploy_token",
    abilities: findAbilities(deployToken.scopes),
    credential: `deploy_token ${deployToken.id}`,
    deployToken,
  };
}

function tryPassword(gitlab: GitLab, username: string, password: string): Identity | undefined {
  const user = gitlab.users.findByPassword(username, password);
  if (user === undefined || user.twoFactor) return undefined;
  return { authType: "gitlab_or_ldap", abilities: everything, credential: "password", user };
}

function findAbilities(scopes: readonly string[]): Ability[] {
  return scopes.flatMap((scope) => abilitiesByScope[scope] ?? []);
}

function readBasic(request: FastifyRequest): { username: string; password: string } | undefined {
  const encoded = /^Basic (.*)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon === -1
    ? { username: decoded, password: "" }
    : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
