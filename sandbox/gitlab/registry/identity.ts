import type { FastifyRequest } from "fastify";

import type { GitLab } from "../gitlab";
import type { DeployToken } from "../model/deployTokens";
import type { Job } from "../model/jobs";
import type { User } from "../model/users";
import {
  nameAccessToken,
  nameDeployToken,
  nameJobToken,
  rememberRequester,
  type Requester,
} from "../access/requester";

/** Rights of a credential at the registry, whatever the project. */
export type Ability = "pull" | "push" | "administer";

/** The user or token that requests a registry token. */
export interface Identity {
  /** GitLab's name for the kind of credential. */
  readonly authType: "personal_access_token" | "deploy_token" | "build" | "gitlab_or_ldap" | "none";
  readonly abilities: readonly Ability[];
  readonly user?: User;
  readonly deployToken?: DeployToken;
  /** A job has access to its own project, and to others that allow it. */
  readonly job?: Job;
}

const everything: readonly Ability[] = ["pull", "push", "administer"];

/** Rights by token scope. Other scopes don't matter for the registry. */
const abilitiesByScope: Readonly<Record<string, readonly Ability[]>> = {
  api: everything,
  read_api: ["pull"],
  read_registry: ["pull"],
  write_registry: ["push"],
};

/** User name for a job token. */
const jobUsername = "gitlab-ci-token";

/**
 * Returns who sent the request; `undefined` if the credential is refused. The event log gets the credential's owner
 * in both cases.
 */
export function identify(gitlab: GitLab, request: FastifyRequest): Identity | undefined {
  const basic = readBasic(request);
  if (basic === undefined) return { authType: "none", abilities: ["pull"] };
  const remember = (requester: Requester): void => rememberRequester(request, requester);
  return (
    tryJobToken(gitlab, basic, remember) ??
    tryAccessToken(gitlab, basic, remember) ??
    tryDeployToken(gitlab, basic, remember) ??
    tryPassword(gitlab, basic, remember)
  );
}

interface Basic {
  readonly username: string;
  readonly password: string;
}

type Attempt = (
  gitlab: GitLab,
  basic: Basic,
  remember: (requester: Requester) => void,
) => Identity | undefined;

/** Tries a job token, which is valid as long as the job runs. */
const tryJobToken: Attempt = (gitlab, { username, password }, remember) => {
  if (username !== jobUsername) return undefined;
  const job = gitlab.jobs.findByToken(password);
  const user = job && gitlab.users.find(job.userId);
  if (job === undefined || user === undefined) return undefined;
  remember({ actor: user.username, credential: nameJobToken(job) });
  return job.status === "running"
    ? { authType: "build", abilities: everything, user, job }
    : undefined;
};

/**
 * Tries an access token of a user, project or group. The user name doesn't matter, because the token identifies its
 * owner.
 */
const tryAccessToken: Attempt = (gitlab, { password }, remember) => {
  const token = gitlab.accessTokens.findByValue(password);
  const user = token && gitlab.users.find(token.userId);
  if (token === undefined || user === undefined) return undefined;
  remember({ actor: user.username, credential: nameAccessToken(gitlab, token) });
  if (!gitlab.accessTokens.isActive(token)) return undefined;
  gitlab.accessTokens.touch(token);
  return { authType: "personal_access_token", abilities: findAbilities(token.scopes), user };
};

const tryDeployToken: Attempt = (gitlab, { username, password }, remember) => {
  const deployToken = gitlab.deployTokens.findByValue(password);
  if (deployToken === undefined) return undefined;
  remember({ actor: deployToken.username, credential: nameDeployToken(deployToken) });
  return deployToken.username === username && gitlab.deployTokens.isActive(deployToken)
    ? { authType: "deploy_token", abilities: findAbilities(deployToken.scopes), deployToken }
    : undefined;
};

const tryPassword: Attempt = (gitlab, { username, password }, remember) => {
  const user = gitlab.users.findByPassword(username, password);
  if (user === undefined) return undefined;
  remember({ actor: user.username, credential: "password" });
  return user.twoFactor ? undefined : { authType: "gitlab_or_ldap", abilities: everything, user };
};

function findAbilities(scopes: readonly string[]): Ability[] {
  return scopes.flatMap((scope) => abilitiesByScope[scope] ?? []);
}

function readBasic(request: FastifyRequest): Basic | undefined {
  const encoded = /^Basic (.*)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon === -1
    ? { username: decoded, password: "" }
    : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
