import type { GitLabClient } from "./client";

/** The project or group that deploy tokens belong to. */
export interface TokenParent {
  readonly kind: "group" | "project";
  /** Full path or number. */
  readonly path: string;
}

/** A deploy token, without its value, which GitLab returns only on creation. */
export interface DeployTokenInfo {
  /** Id, unique in this GitLab: tokens that were created later have higher ids. */
  readonly id: number;
  readonly name: string;
  /** RFC 3339 time; null if it never expires. */
  readonly expires_at: string | null;
}

/**
 * Lists all deploy tokens of a project or group, expired ones included.
 *
 * @throws GitLabError if GitLab refuses or does not answer
 * @see https://docs.gitlab.com/api/deploy_tokens/
 */
export function listDeployTokens(
  client: Pick<GitLabClient, "listAll">,
  parent: TokenParent,
): Promise<DeployTokenInfo[]> {
  return client.listAll<DeployTokenInfo>(locateTokens(parent));
}

/**
 * Revokes a deploy token. Does nothing if it does not exist any more.
 *
 * @throws GitLabError if GitLab refuses or does not answer
 */
export async function revokeDeployToken(
  client: Pick<GitLabClient, "call">,
  parent: TokenParent,
  id: number,
): Promise<void> {
  await client.call("DELETE", `${locateTokens(parent)}/${id}`, { accepted: [404] });
}

function locateTokens({ kind, path }: TokenParent): string {
  return `/${kind}s/${encodeURIComponent(path)}/deploy_tokens`;
}
