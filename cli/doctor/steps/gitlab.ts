import { GitLabError } from "../../gitlab/gitlabError";
import type { GitLabClient } from "../../gitlab/client";
import { createClient, type ProjectInfo } from "../gitlabFacts";
import type { Inspection } from "../inspection";
import { describeChanged, describeDisabled } from "../refusedLogin";
import type { Finding, Outcome, Step } from "../step";
import { needsGitLab } from "../../../config/parse";
import { findCleanupDangers } from "../cleanupDangers";
import { findOrphans } from "../orphans";
import { describeAudience } from "../registryAudience";

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
    const [audience, dangers, orphans] = await Promise.all([
      describeAudience(inspection, client, project),
      findCleanupDangers(inspection, client),
      findOrphans(inspection, client),
    ]);
    const outcome = describeAccess(inspection, token, project, [...dangers, ...orphans]);
    return { ...outcome, detail: `scopes ${token.scopes.join(", ")}; ${audience}` };
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
    if (status === 403 && /\bblocked\b/i.test(reason)) {
      return {
        cause: "The user of `GITLAB_TOKEN` is blocked in GitLab.",
        remedy: "Ask GitLab's administrator why, or use the token of another user.",
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
  const changed = describeChanged(project, info);
  if (changed !== undefined) findings.push(changed);
  if (info.container_registry_access_level === "disabled") findings.push(describeDisabled(project));
  return {
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
