import { readProject } from "../gitlabFacts";
import type { Grant, Inspection } from "../inspection";
import { sendOnce } from "../request";
import { describeChanged, describeDisabled } from "../refusedLogin";
import { tryParseJson } from "../../../components/json";
import type { Finding, Step } from "../step";

/** Whether each credential may pull from, and if it has to, push to this very repository. */
export const repositoryStep: Step = {
  id: "repository",
  title: "Repository",
  failure: "access",
  dependsOn: ["login"],
  run: async (inspection) => {
    const { path } = inspection.get("target");
    const grants = inspection.get("grants");
    const found = await Promise.all(grants.map((grant) => inspectGrant(inspection, grant)));
    const findings = found.flatMap((finding) => finding ?? []);
    const actions = [...new Set(grants.flatMap((grant) => grant.actions))].sort().join(" and ");
    return { detail: `${actions || "nothing"} in ${path}`, findings };
  },
};

async function inspectGrant(inspection: Inspection, grant: Grant): Promise<Finding | undefined> {
  const { actions, login } = grant;
  const wanted = login.pushes ? ["pull", "push"] : ["pull"];
  const missing = wanted.filter((action) => !actions.includes(action));
  if (missing.length > 0) return describeMissing(inspection, grant, missing);
  return readTags(inspection, grant);
}

async function describeMissing(
  inspection: Inspection,
  { actions, login }: Grant,
  missing: readonly string[],
): Promise<Finding> {
  const { project } = inspection.get("target");
  const { label, renewal } = login;
  const found = await readProject(inspection);
  const may = `${label[0].toUpperCase()}${label.slice(1)} may not ${missing.join(" and ")}`;
  if (found?.container_registry_access_level === "disabled") return describeDisabled(project);
  const changed = found && describeChanged(project, found);
  if (changed !== undefined) return changed;
  if (actions.length > 0) {
    return {
      cause: `${may} in \`${project}\`: it lacks the scope \`write_registry\`, or its user the role Developer.`,
      remedy: renewal,
    };
  }
  if (found === undefined && inspection.get("target").token !== "") {
    return {
      cause: `GitLab has no project \`${project}\`, or the access token's user can't see it.`,
      remedy: "pulumi config set project <group/project>    # as in the project's address",
      failure: "gitlab",
    };
  }
  return {
    cause: `${may} in \`${project}\`: GitLab accepts the credentials, but they belong to another project or lack the scope \`read_registry\`.`,
    remedy: renewal,
  };
}

/** Uses the token on the registry itself, which checks its times and its signature. */
async function readTags(inspection: Inspection, grant: Grant): Promise<Finding | undefined> {
  const { path, registry } = inspection.get("target");
  const answer = await sendOnce(inspection, {
    method: "GET",
    url: `https://${registry}/v2/${path}/tags/list?n=1`,
    headers: { authorization: `Bearer ${grant.token}` },
  });
  if ("cause" in answer) return answer;
  const { status } = answer;
  // A repository without any image yet answers 404.
  if (status === 200 || status === 404) return undefined;
  if (status === 401) {
    return {
      cause: `The registry refuses the token that GitLab has just given${describeTimes(grant.token)}: their clocks differ, or the registry has another key or issuer.`,
      remedy:
        "date -u    # on both; then compare `registry['token_realm']`, issuer and key in /etc/gitlab/gitlab.rb",
      failure: "gitlab",
    };
  }
  return {
    cause: `The registry has a problem of its own with \`${path}\` (status ${status}).`,
    remedy: "sudo gitlab-ctl tail registry    # on GitLab's server",
    failure: "gitlab",
  };
}

/** How far the token's time of issue is from this machine's clock, if that is more than a minute. */
function describeTimes(token: string): string {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const { iat } = (tryParseJson(payload) ?? {}) as { iat?: number };
  const seconds = iat === undefined ? 0 : Math.round(iat - Date.now() / 1000);
  if (Math.abs(seconds) <= 60) return "";
  return ` (GitLab's clock is ${Math.abs(seconds)} seconds ${seconds > 0 ? "ahead of" : "behind"} this machine's)`;
}
