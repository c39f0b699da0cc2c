import {
  type NamedDeployToken,
  type ProjectInfo,
  readDeployTokens,
  readOwnToken,
  readProject,
} from "./gitlabFacts";
import type { Inspection, Login } from "./inspection";
import type { Finding } from "./step";

/** What the token service answered instead of a token. */
export interface TokenRefusal {
  readonly status: number;
  /** GitLab's words. */
  readonly reason: string | undefined;
  /** URL of the token service. */
  readonly realm: string;
}

/** Says why GitLab gave no token, by what its API knows about the credentials. */
export async function describeRefusedLogin(
  inspection: Inspection,
  login: Login,
  { realm, reason, status }: TokenRefusal,
): Promise<Finding> {
  const { label, renewal, username } = login;
  const { project } = inspection.get("target");
  if (status === 401) return describeWrongPassword(inspection, login);
  if (status === 429 || (status === 403 && reason === undefined)) {
    return {
      cause: `GitLab limits or bans requests from this address (status ${status}), after too many requests or wrong passwords.`,
      remedy: "Wait for an hour, or ask GitLab's administrator to lift the ban of this address.",
    };
  }
  if (status === 403 && /protected repository/i.test(reason ?? "")) {
    return {
      cause: `A protection rule of \`${project}\` covers the repository, and deploy tokens can't push to it.`,
      remedy:
        "Narrow the rule in the project: Settings > Packages and registries > Protected container repositories.",
    };
  }
  if (status === 403) {
    const found = await readProject(inspection);
    if (found?.container_registry_access_level === "disabled") return describeDisabled(project);
    const changed = found && describeChanged(project, found);
    if (changed !== undefined) return changed;
    return {
      cause: `GitLab accepts ${label} ("${username}"), but it has no right to the registry of \`${project}\`: it lacks the scope \`read_registry\`, or belongs to another project.`,
      remedy: renewal,
    };
  }
  if (status === 404) {
    return {
      cause: `GitLab's registry is off, or its token service is not at ${realm} (status 404).`,
      remedy: "grep registry_external_url /etc/gitlab/gitlab.rb    # on GitLab's server",
      failure: "gitlab",
    };
  }
  return {
    cause: `GitLab's token service at ${new URL(realm).host} has a problem of its own (status ${status}).`,
    remedy: "Try again in a minute. If it stays: sudo gitlab-ctl status    # on GitLab's server",
    failure: "gitlab",
  };
}

/** The finding about a project whose registry is off. */
export function describeDisabled(project: string): Finding {
  return {
    cause: `The container registry of \`${project}\` is off.`,
    remedy:
      "Turn it on in the project: Settings > General > Visibility, project features, permissions.",
    failure: "gitlab",
  };
}

/**
 * The finding about a project that is archived or has another path, in which no credential may push.
 *
 * @returns undefined if it is neither
 */
export function describeChanged(project: string, info: ProjectInfo): Finding | undefined {
  const path = info.path_with_namespace;
  if (path.toLowerCase() !== project.toLowerCase()) {
    return {
      cause: `\`${project}\` was renamed to \`${path}\`. The registry knows the new path only.`,
      remedy: `pulumi config set project ${path}`,
      failure: "gitlab",
    };
  }
  if (info.archived !== true) return undefined;
  return {
    cause: `\`${project}\` is archived, so nothing can be pushed to its registry.`,
    remedy: "Unarchive it in the project: Settings > General > Advanced.",
    failure: "gitlab",
  };
}

async function describeWrongPassword(inspection: Inspection, login: Login): Promise<Finding> {
  const { expiresAt, label, password, renewal, tokenId, username } = login;
  const refused = `GitLab refuses ${label} ("${username}")`;
  const describeExpired = ({ expires_at: end }: NamedDeployToken): Finding => {
    return { cause: `${refused}: it expired at ${end}.`, remedy: renewal };
  };
  if (expiresAt !== undefined && Date.parse(expiresAt) <= inspection.now.getTime()) {
    return { cause: `${refused}: it expired at ${expiresAt}.`, remedy: renewal };
  }
  const tokens = await readDeployTokens(inspection);
  if (tokenId !== undefined && tokens !== undefined) {
    const token = tokens.find(({ id }) => id === tokenId);
    if (token === undefined) {
      return { cause: `${refused}: somebody revoked it in GitLab.`, remedy: renewal };
    }
    if (hasExpired(token, inspection)) return describeExpired(token);
  }
  const own = await readOwnToken(inspection, password);
  if (own !== undefined) return { cause: `${refused}: ${own}.`, remedy: renewal };
  const listed = tokens?.find((token) => token.username === username);
  if (listed !== undefined && hasExpired(listed, inspection)) return describeExpired(listed);
  if (listed !== undefined) {
    return { cause: `${refused}: the user name exists, the password is wrong.`, remedy: renewal };
  }
  return {
    cause: `${refused}: the user name or the password is wrong, or the token expired or was revoked. An account with two-factor authentication needs a token instead of its password.`,
    remedy: renewal,
  };
}

function hasExpired({ expires_at: end }: NamedDeployToken, { now }: Inspection): boolean {
  return end !== null && Date.parse(end) <= now.getTime();
}
