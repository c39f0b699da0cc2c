import { GitLabClient } from "../gitlab/client";
import { type DeployTokenInfo, listDeployTokens } from "../gitlab/deployTokens";
import { GitLabError } from "../gitlab/gitlabError";
import type { Inspection } from "./inspection";

/** The parts of a project that the diagnosis uses. */
export interface ProjectInfo {
  readonly path_with_namespace: string;
  readonly archived?: boolean;
  readonly visibility?: string;
  readonly container_registry_access_level?: string;
  readonly permissions?: {
    readonly project_access?: { readonly access_level: number } | null;
    readonly group_access?: { readonly access_level: number } | null;
  };
}

/** A deploy token, with its user name. */
export interface NamedDeployToken extends DeployTokenInfo {
  readonly username?: string;
}

/** A diagnosis reports what happens, instead of trying again until its step has no time left. */
const limits = { timeoutMs: 6_000, totalTimeoutMs: 0 };

/** Creates the client of GitLab's API; undefined without an access token. */
export function createClient(inspection: Inspection): GitLabClient | undefined {
  const { apiUrl, caCertificate, token } = inspection.get("target");
  if (token === "") return undefined;
  return new GitLabClient({ apiUrl, caCertificate, token, env: inspection.io.env, limits });
}

/** Reads the project; undefined if GitLab does not show it. */
export async function readProject(inspection: Inspection): Promise<ProjectInfo | undefined> {
  const { project } = inspection.get("target");
  return ask(async () => {
    const path = `/projects/${encodeURIComponent(project)}`;
    return (await createClient(inspection)?.call("GET", path))?.body as ProjectInfo | undefined;
  });
}

/** Reads the deploy tokens of the project or group; undefined if GitLab does not show them. */
export async function readDeployTokens(
  inspection: Inspection,
): Promise<readonly NamedDeployToken[] | undefined> {
  const { project } = inspection.get("target");
  const group = inspection.find("stack")?.config.registry.group;
  const parent =
    group === undefined
      ? ({ kind: "project", path: project } as const)
      : ({ kind: "group", path: group } as const);
  const client = createClient(inspection);
  return client && ask(() => listDeployTokens(client, parent));
}

/**
 * Asks GitLab about a password that may be a personal, project or group access token.
 *
 * @returns why it is refused; undefined if GitLab does not say
 */
export async function readOwnToken(
  inspection: Inspection,
  password: string,
): Promise<string | undefined> {
  const { apiUrl, caCertificate } = inspection.get("target");
  const { env } = inspection.io;
  const client = new GitLabClient({ apiUrl, caCertificate, token: password, env, limits });
  try {
    await client.call("GET", "/personal_access_tokens/self");
    return undefined;
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    if (/expired/i.test(error.reason)) return "it is an access token that expired";
    return /revoked/i.test(error.reason) ? "it is an access token that was revoked" : undefined;
  }
}

async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    return undefined;
  }
}
