import { GitLabClient } from "../gitlab/client";
import type { GitLabProject } from "./gitRemote";
import { readText, type Repository } from "./repository";

/**
 * The registry that a repository's own files name before the project's path: its pipeline, its manifests.
 *
 * @returns undefined if none does, or if they name several
 */
export function findRegistryInFiles(
  repository: Repository,
  { path }: GitLabProject,
): string | undefined {
  const escaped = path.toLowerCase().replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const image = new RegExp(
    `([a-z0-9][a-z0-9.-]*\\.[a-z0-9-]+(?::\\d+)?)/${escaped}(?![\\w.-]*\\.git)\\b`,
    "gi",
  );
  const found = repository.files
    .filter((file) => /\.ya?ml$|(^|\/)(Dockerfile|Makefile)$/.test(file))
    .flatMap((file) => [...(readText(repository, file) ?? "").matchAll(image)])
    // An address of a page or of an API has a scheme, an image has none.
    .filter(({ index, input }) => !/\/\/(?:[^/\s]*@)?$/.test(input.slice(0, index)))
    .map(([, host]) => host.toLowerCase());
  const [registry, ...others] = new Set(found);
  return others.length === 0 ? registry : undefined;
}

/** The registry of GitLab's own service. */
export function findKnownRegistry({ url }: GitLabProject): string | undefined {
  return url === "https://gitlab.com" ? "registry.gitlab.com" : undefined;
}

/**
 * The registry of a project, as GitLab's API has it.
 *
 * @returns undefined without a token in the environment, and if GitLab can't be reached or refuses it
 * @see https://docs.gitlab.com/api/projects/#retrieve-a-project
 */
export async function findRegistryInGitLab(
  { path, url }: GitLabProject,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const token = env.GITLAB_TOKEN;
  // A token is never sent in plain text.
  if (!token || !url.startsWith("https://")) return undefined;
  const client = new GitLabClient({ apiUrl: `${url}/api/v4`, token });
  try {
    const { body } = await client.call("GET", `/projects/${encodeURIComponent(path)}`);
    const prefix = (body as { container_registry_image_prefix?: unknown } | undefined)
      ?.container_registry_image_prefix;
    return typeof prefix === "string" ? prefix.split("/", 1)[0] : undefined;
  } catch {
    // What is missing is said, and stands in the file as a line to fill in.
    return undefined;
  }
}
