import { compileLike } from "../cleanup/expressions";
import type { GitLabClient } from "../gitlab/client";
import type { ProjectInfo } from "./gitlabFacts";
import type { Inspection } from "./inspection";

/** Says who may pull from a project's registry, and which of its parts are protected. */
export async function describeAudience(
  inspection: Inspection,
  client: GitLabClient,
  info: ProjectInfo,
): Promise<string> {
  const rules = await listProtections(inspection, client);
  const audience = `registry for ${describeReaders(info)}`;
  return rules.length === 0 ? audience : `${audience}, protected: ${rules.join(", ")}`;
}

function describeReaders({
  container_registry_access_level: level,
  visibility,
}: ProjectInfo): string {
  if (level === "disabled") return "nobody: it is off";
  if (level === "private" || visibility === "private") return "the project's members";
  if (level !== "enabled") return "an unknown group of users";
  return visibility === "public" ? "everyone, without a login" : "every user of this GitLab";
}

interface Rule {
  readonly repository_path_pattern?: string;
  readonly tag_name_pattern?: string;
}

/** The patterns of the protection rules that concern the stack's repository; only maintainers may list them. */
async function listProtections(inspection: Inspection, client: GitLabClient): Promise<string[]> {
  const { path, project } = inspection.get("target");
  const root = `/projects/${encodeURIComponent(project)}/registry/protection`;
  const list = async (kind: string): Promise<Rule[]> => {
    const options = { accepted: [401, 403, 404] };
    const { body } = await client.call("GET", `${root}/${kind}/rules`, options);
    return Array.isArray(body) ? (body as Rule[]) : [];
  };
  const [repositories, tags] = await Promise.all([list("repository"), list("tag")]);
  return [
    ...repositories
      .flatMap(({ repository_path_pattern: pattern = "" }) => pattern)
      .filter((pattern) => compileLike(pattern)(path)),
    ...tags.flatMap(({ tag_name_pattern: pattern = "" }) => `tags ${pattern}`),
  ];
}
