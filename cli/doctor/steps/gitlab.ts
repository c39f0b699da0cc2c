import { GitLabError } from "../../gitlab/gitlabError";
import type { GitLabClient } from "../../gitlab/client";
import { createClient, type ProjectInfo } from "../gitlabFacts";
import type { Inspection } from "../inspection";
import { describeDisabled } from "../refusedLogin";
import type { Finding, Outcome, Step } from "../step";
import { needsGitLab } from "../../../config/parse";
import { findCleanupDangers } from "../cleanupDangers";
import { findOrphans } from "../orphans";

interface AccessToken {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string | null;
}

const developer = 30;
const maintainer = 40;
const warnDays = 14;
const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** GitLab's API: the access token, its role, the project and its registry. */
export const gitlabStep: Step = {
  id: "gitlab",
  title: "GitLab API",
  failure: "gitlab",
  dependsOn: ["gitlab-tls", "state"],
  limitSeconds: 20,
  run: async (inspection) => {
    const client = createClient(inspection);
    if (client === undefined) return { leftOut: "`GITLAB_TOKEN` is not set" };
    const token = await readToken(client);
    if ("cause" in token) return { findings: [token] };
    const config = inspection.find("stack")?.config;
    if (!token.scopes.includes("api") && (config === undefined || needsGitLab(config))) {
      return { findings: [describeScopes(token)] };
    }
    const project = await readVisibleProject(client, inspection);
    if ("cause" in project) return { findings: [project] };
    const [dangers, orphans] = await Promise.all([
      findCleanupDangers(inspection, client),
      findOrphans(inspection, client),
    ]);
    return describeAccess(inspection, token, project, [...dangers, ...orphans]);
  },
};

async function readToken(client: GitLabClient): Promise<AccessToken | Finding> {
  try {
    const { body } = await client.call("GET", "/personal_access_tokens/self");
    return body as AccessToken;
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    const { reason, remedy, status } = error;
    if (status === 401) {
      const why = /expired/i.test(reason)
        ? "it expired"
        : /revoked/i.test(reason)
          ? "it was revoked"
          : "it is wrong, expired or revoked";
      return {
        cause: `GitLab does not accept \`GITLAB_TOKEN\`: ${why}.`,
        remedy: "export GITLAB_TOKEN=<new token>    # scope `api`, role Maintainer in the project",
        failure: "access",
      };
    }
    const cause = error.message.split("\n")[0] ?? reason;
    return { cause, remedy: remedy ?? "Run `slipway doctor` again." };
  }
}

function describeScopes({ scopes }: AccessToken): Finding {
  return {
    cause: `\`GITLAB_TOKEN\` has the scopes ${scopes.join(", ")}, and deploy tokens need \`api\`.`,
    remedy: "export GITLAB_TOKEN=<new token>    # scope `api`",
    failure: "access",
  };
}

async function readVisibleProject(
  client: GitLabClient,
  inspection: Inspection,
): Promise<ProjectInfo | Finding> {
  const { project } = inspection.get("target");
  const path = `/projects/${encodeURIComponent(project)}`;
  const { body } = await client.call("GET", path, { accepted: [404] });
  const info = (body ?? {}) as Partial<ProjectInfo>;
  if (info.path_with_namespace !== undefined) return info as ProjectInfo;
  return {
    cause: `GitLab has no project \`${project}\`, or the user of \`GITLAB_TOKEN\` can't see it.`,
    remedy: "pulumi config set project <group/project>    # as in the project's address",
  };
}

function describeAccess(
  inspection: Inspection,
  token: AccessToken,
  info: ProjectInfo,
  warnings: readonly Finding[],
): Outcome {
  const { project } = inspection.get("target");
  const config = inspection.find("stack")?.config;
  const level = Math.max(
    info.permissions?.project_access?.access_level ?? 0,
    info.permissions?.group_access?.access_level ?? 0,
  );
  const createsTokens = config === undefined || needsGitLab(config);
  const findings: Finding[] = [];
  // An administrator has no role, and may do everything.
  if (createsTokens && level > 0 && level < maintainer) {
    const role = level >= developer ? "Developer" : "less than Developer";
    findings.push({
      cause: `The user of \`GITLAB_TOKEN\` has the role ${role} in \`${project}\`, and deploy tokens need Maintainer.`,
      remedy: "Give that user the role Maintainer in the project: Manage > Members.",
      failure: "access",
    });
  }
  if (info.path_with_namespace.toLowerCase() !== project.toLowerCase()) {
    findings.push({
      cause: `\`${project}\` was renamed to \`${info.path_with_namespace}\`. The registry knows the new path only.`,
      remedy: `pulumi config set project ${info.path_with_namespace}`,
    });
  }
  if (info.archived === true) {
    findings.push({
      cause: `\`${project}\` is archived, so nothing can be pushed to its registry.`,
      remedy: "Unarchive it in the project: Settings > General > Advanced.",
    });
  }
  if (info.container_registry_access_level === "disabled") findings.push(describeDisabled(project));
  return {
    detail: `scopes ${token.scopes.join(", ")}; registry ${info.container_registry_access_level ?? "unknown"}`,
    findings,
    warnings: [...findExpiry(token, inspection.now), ...warnings],
  };
}

function findExpiry({ expires_at: end }: AccessToken, now: Date): Finding[] {
  const days = end === null ? Infinity : (Date.parse(end) - now.getTime()) / millisecondsPerDay;
  if (days >= warnDays) return [];
  return [
    {
      cause: `\`GITLAB_TOKEN\` expires on ${end}.`,
      remedy: "Create a new one with scope `api`, and replace it where it is stored.",
    },
  ];
}
