import { findRefusal, type Workplace } from "./workplace";

const pipeline = "deploy:\n  script: 'true'\n  when: manual\n";

/**
 * Sees to it that there is such a branch with a commit of its own, and gives the commit's hash. The simulator
 * has no repositories: there a branch exists by being named, so that the refusal is all that is to be had.
 */
export async function ensureBranch(
  { client, project, token, url }: Workplace,
  branch: string,
): Promise<string> {
  const simulated = "0123456789".repeat(4);
  const main = await findRefusal(client.Branches.show(project, "main"));
  if (main.status === 404 && main.description === "404 Not Found") return simulated;

  const commit = async (body: object): Promise<Response> =>
    fetch(`${url}/api/v4/projects/${encodeURIComponent(project)}/repository/commits`, {
      method: "POST",
      headers: { "private-token": token, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const add = (path: string, content: string) => [{ action: "create", file_path: path, content }];
  const files = add(".gitlab-ci.yml", pipeline);
  if (main.status !== undefined)
    await commit({ branch: "main", commit_message: "Begin", actions: files });
  const response = await commit({
    branch,
    start_branch: "main",
    commit_message: `Begin ${branch}`,
    actions: add(`${branch}.txt`, branch),
  });
  const { id } = (await response.json()) as { id?: string };
  if (id === undefined) throw new Error(`There is no commit on ${branch}: ${response.status}`);
  return id;
}
