import type { TestGitLab } from "../../e2e/support/gitlab";

/** A deploy token, as GitLab lists it. */
export interface DeployToken {
  readonly id: number;
  readonly name: string;
  readonly username: string;
}

/** A project that everybody may see, in a group of its own. */
export const openProject = "open/site";

const pathOfOpen = `/projects/${encodeURIComponent(openProject)}`;

/** Makes it, and opens it and its registry again where an earlier run closed them. */
export async function makeOpenProject(gitlab: TestGitLab): Promise<void> {
  await gitlab.control.seed({
    users: [{ username: "slipway", name: "Slipway" }],
    groups: [{ path: "open", visibility: "public" }],
    projects: [{ path: openProject, visibility: "public" }],
    members: [{ username: "slipway", role: "owner", group: "open" }],
  });
  await changeOpenProject(gitlab, {
    visibility: "public",
    container_registry_access_level: "enabled",
  });
}

/** Changes the project's settings, as the REST API has them. */
export async function changeOpenProject(
  gitlab: TestGitLab,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  await gitlab.api("PUT", pathOfOpen, settings);
}

/**
 * The deploy tokens whose names begin so, sorted by name.
 *
 * @param holder whose they are, `projects/<path>` or `groups/<path>`
 */
export async function listTokens(
  gitlab: TestGitLab,
  holder: string,
  prefix: string,
): Promise<DeployToken[]> {
  const all = await gitlab.api<DeployToken[]>("GET", `/${holder}/deploy_tokens?per_page=100`);
  return all
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Revokes all deploy tokens whose names begin so, as somebody does who knows nothing of the stack. */
export async function revokeTokens(
  gitlab: TestGitLab,
  holder: string,
  prefix: string,
): Promise<number> {
  const tokens = await listTokens(gitlab, holder, prefix);
  for (const { id } of tokens) await gitlab.api("DELETE", `/${holder}/deploy_tokens/${id}`);
  return tokens.length;
}
