import { resolveCredentials } from "../../../config/credentials";
import { describeFindings } from "../../../config/problems";
import { findGitLabHost } from "../../../config/gitlab";
import { computeRepository, needsGitLab, parseStackConfig } from "../../../config/parse";
import { findVariablesWithoutCa } from "../../../config/trust";
import { readVariable } from "../../../config/environment";
import { parseImageReference } from "../../../components/image/imageReference";
import { findProxy, ProxySettingError } from "../../../components/http/proxy";
import { computeApiUrl, readCaCertificates, readJobCertificates } from "../../gitlab/connection";
import { openStack } from "../../pulumi/openStack";
import { readCredentials } from "../../pulumi/stackCredentials";
import type { Inspection, InspectedStack, Login, Target } from "../inspection";
import type { Finding, Outcome, Step } from "../step";
import { inspectTools } from "../tools";

/** Variable with the password of `--username`. */
const passwordVariable = "SLIPWAY_REGISTRY_PASSWORD";

/** Tools, the stack's configuration, and the environment that a private CA needs. */
export const configurationStep: Step = {
  id: "configuration",
  title: "Tools and configuration",
  failure: "configuration",
  dependsOn: [],
  limitSeconds: 30,
  run: async (inspection) => {
    const hasStack = inspection.request.registry === undefined;
    const [tools, outcome] = await Promise.all([
      inspectTools(inspection.io, inspection.request.cwd, hasStack),
      hasStack ? inspectStack(inspection) : inspectFlags(inspection),
    ]);
    return {
      detail: tools.detail,
      findings: [...(tools.findings ?? []), ...(outcome.findings ?? [])],
      warnings: [...(tools.warnings ?? []), ...(outcome.warnings ?? [])],
    };
  },
};

async function inspectStack(inspection: Inspection): Promise<Outcome> {
  const { io, request } = inspection;
  const { env } = io;
  const opened = await openStack(request, io);
  const { cwd, project, pulumi, stack } = opened;
  const values = await readCredentials(opened, pulumi);
  const config = parseStackConfig(project, { values, secrets: [] });
  const host = findGitLabHost(config.gitlab.baseUrl, env);
  const problems = describeFindings(config, host);
  if (problems.length > 0) {
    return {
      findings: problems.map(({ command, text }) => ({
        cause: text,
        remedy: command ?? `pulumi config --stack ${stack}`,
      })),
    };
  }
  const inspected: InspectedStack = { ...opened, values, config };
  inspection.set("stack", inspected);
  const token = await readAccessToken(inspected, env);
  inspection.secrets.push(token);
  const caCertificate = readCaCertificates({ cwd, project, values }, env);
  const { registry } = config.registry;
  setTarget(inspection, {
    registry,
    path: parseImageReference(computeRepository(config.registry)).path,
    project: config.registry.project,
    apiUrl: computeApiUrl(config.gitlab.baseUrl || env.GITLAB_BASE_URL),
    token,
    caCertificate,
    logins: readExisting(inspected, env),
  });
  const isMissing = token === "" && needsGitLab(config);
  return {
    findings: [
      ...(isMissing
        ? [
            {
              cause: "`GITLAB_TOKEN` is not set, and the stack creates its deploy tokens with it.",
              remedy:
                "export GITLAB_TOKEN=<token>    # scope `api`, role Maintainer in the project",
            },
          ]
        : []),
      ...findProxyProblems(inspection),
    ],
    warnings: findTrustProblems(caCertificate, stack, env),
  };
}

async function readAccessToken({ pulumi, stack, values }: InspectedStack, env: NodeJS.ProcessEnv) {
  const fromEnvironment = readVariable(env, "GITLAB_TOKEN");
  if (fromEnvironment !== "" || values["gitlab:token"] === undefined) return fromEnvironment;
  return values["gitlab:token"] || (await pulumi.readSecret(stack, "gitlab:token"));
}

/** The credentials of the key `credentials`. */
function readExisting({ config }: InspectedStack, env: NodeJS.ProcessEnv): Login[] {
  const existing = resolveCredentials(config.access.credentials, env);
  return (["push", "pull"] as const).flatMap((role) => {
    const given = existing[role];
    if (given === undefined || typeof given.password !== "string") return [];
    return [
      {
        label: `\`credentials.${role}\``,
        username: given.username,
        password: given.password,
        pushes: role === "push",
        renewal: `pulumi config set --secret --path 'credentials.${role}.password' <new token>`,
        expiresAt: given.expiresAt,
      },
    ];
  });
}

function inspectFlags(inspection: Inspection): Promise<Outcome> {
  const { io, request } = inspection;
  const { gitlab, project = "", registry = "", username } = request;
  const { env } = io;
  const token = readVariable(env, "GITLAB_TOKEN");
  const host = registry.replace(/:\d+$/, "");
  const isCom = host === "registry.gitlab.com";
  const address = gitlab ?? env.GITLAB_BASE_URL ?? env.CI_SERVER_URL;
  const password = readVariable(env, passwordVariable);
  const logins: Login[] =
    username === undefined
      ? []
      : [
          {
            label: "`--username`",
            username,
            password,
            pushes: false,
            renewal: `export ${passwordVariable}=<new token>`,
          },
        ];
  setTarget(inspection, {
    registry,
    path: project.toLowerCase(),
    project,
    apiUrl: computeApiUrl(address ?? (isCom ? undefined : `https://${host}`)),
    token,
    caCertificate: readJobCertificates(env),
    logins: logins.length > 0 || token === "" ? logins : [describeOwnToken(token)],
  });
  const findings = findProxyProblems(inspection);
  if (username !== undefined && password === "") {
    const cause = `\`--username\` is given, but \`${passwordVariable}\` is not set.`;
    findings.push({ cause, remedy: `export ${passwordVariable}=<password or token>` });
  }
  return Promise.resolve({ findings });
}

/** GitLab's registry takes an access token as a password, with any user name. */
export function describeOwnToken(token: string): Login {
  return {
    label: "`GITLAB_TOKEN`",
    username: "token",
    password: token,
    pushes: true,
    renewal: "export GITLAB_TOKEN=<new token>    # scope `api`",
  };
}

function setTarget(inspection: Inspection, target: Target): void {
  inspection.secrets.push(target.token, ...target.logins.map(({ password }) => password));
  inspection.set("target", target);
}

function findProxyProblems(inspection: Inspection): Finding[] {
  const { apiUrl, registry } = inspection.get("target");
  try {
    for (const url of [apiUrl, `https://${registry}/`]) findProxy(new URL(url), inspection.io.env);
    return [];
  } catch (error) {
    if (!(error instanceof ProxySettingError)) throw error;
    const cause = error.message;
    return [{ cause, remedy: "export HTTPS_PROXY=http://proxy.example.com:3128" }];
  }
}

function findTrustProblems(
  ca: string | undefined,
  stack: string,
  env: NodeJS.ProcessEnv,
): Finding[] {
  const variables = ca === undefined ? [] : findVariablesWithoutCa(ca, env);
  if (variables.length === 0) return [];
  const names = variables.map((name) => `\`${name}\``).join(" and ");
  return [
    {
      cause: `An update needs the stack's CA in ${names}, which ${variables.length === 1 ? "does" : "do"} not have it.`,
      remedy: `eval "$(npx slipway env ${stack})"`,
    },
  ];
}
