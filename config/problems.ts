import type { Problem } from "../components/problem";

import {
  type CaCertificate,
  caCertificateKey,
  type CaSource,
  findAuthorityProblems,
  readCaCertificate,
} from "./caCertificate";
import { findCredentialProblems } from "./credentials";
import { clockOffsetVariable, isFileVariable, readClock } from "./environment";
import { findGitLabHost } from "./gitlab";
import type { KeyDefinition } from "./keyDefinition";
import { findNearest } from "./nearest";
import { needsGitLab, type ParsedConfig, parseStackConfig, type StackValues } from "./parse";
import { describeFinding } from "./result";
import { findRuleProblems } from "./rules";
import { formatExample, keys } from "./schema";
import { findVariablesWithoutCa } from "./trust";

/** A stack whose configuration is checked. */
export interface ConfiguredStack extends StackValues {
  /** Name of the Pulumi project, the namespace of the program's own keys. */
  readonly project: string;

  /** Full name, `organization/project/stack`. */
  readonly name: string;
}

/** A configuration without problems, and what was read to check it. */
export interface CheckedConfig {
  readonly config: ParsedConfig;
  readonly caCertificate: CaCertificate | undefined;

  /** The time that decides which tokens are due. */
  readonly now: Date;
}

/** Parses and checks a stack's configuration: all its problems, or a configuration without any. */
export function checkConfig(
  stack: ConfiguredStack,
  env: NodeJS.ProcessEnv,
): { readonly problems: readonly Problem[] } | CheckedConfig {
  const config = parseStackConfig(stack.project, stack);
  const gitlabHost = findGitLabHost(config.gitlab.baseUrl, env);
  const clock = readClock(env);
  const ca = checkCaCertificate(config.registry.caCertificate, gitlabHost, env);
  const now = clock.ok ? clock.value : new Date();
  const problems = [
    ...findUnknownKeys(stack),
    ...findMisplacedSecrets(stack, gitlabHost),
    ...describeFindings(config, gitlabHost),
    ...findRuleProblems(config, { ...stack, stack: stack.name, gitlabHost, env }),
    ...findCredentialProblems(config.access.credentials, {
      env,
      now,
      isSecret: stack.secrets.includes(`${stack.project}:credentials`),
    }),
    ...ca.problems,
    ...(needsGitLab(config) ? findTokenProblems(stack, config.gitlab, env) : []),
    ...(clock.ok ? [] : clock.findings).map((finding) => ({
      text: describeFinding(clockOffsetVariable, finding),
      command: `unset ${clockOffsetVariable}`,
    })),
  ];
  return problems.length > 0 ? { problems } : { config, caCertificate: ca.value, now };
}

/** The problems of single keys. */
export function describeFindings(
  { findings }: Pick<ParsedConfig, "findings">,
  gitlabHost: string,
): Problem[] {
  return findings.map((finding) => ({
    text: describeFinding(finding.key, finding),
    command: finding.definition.remedy ?? formatSet(finding.key, finding.definition, gitlabHost),
  }));
}

function formatSet(key: string, definition: KeyDefinition<unknown>, gitlabHost: string): string {
  return `pulumi config set ${formatExample(key, definition, gitlabHost)}`;
}

function findUnknownKeys({ project, values }: ConfiguredStack): Problem[] {
  return Object.keys(values)
    .filter((name) => name.startsWith(`${project}:`))
    .map((name) => name.slice(project.length + 1))
    .filter((key) => !keys.has(key))
    .map((key) => {
      const near = findNearest(key, [...keys.keys()]);
      const hint = near === undefined ? "Pulumi.yaml lists the keys." : `Did you mean \`${near}\`?`;
      return {
        text: `\`${key}\` is not a key of this program. ${hint}`,
        command: `pulumi config rm ${key}`,
      };
    });
}

/** Keys that are stored as secrets but must not be, and the other way round. */
function findMisplacedSecrets(
  { project, secrets, values }: ConfiguredStack,
  gitlabHost: string,
): Problem[] {
  return [...keys].flatMap(([key, definition]) => {
    const name = `${project}:${key}`;
    const example = formatExample(key, definition, gitlabHost);
    if (secrets.includes(name)) {
      if (definition.secret !== undefined) return [];
      return {
        text: `\`${key}\` is stored as a secret, but anyone can read its value in the image or the cluster. Store it in plain text, and put nothing secret in it.`,
        command: `pulumi config set --plaintext ${example}`,
      };
    }
    if (definition.secret !== "all" || ["", "{}"].includes(values[name] ?? "")) return [];
    return {
      text: `\`${key}\` is stored in plain text. Replace what it contains, and store the new value as a secret.`,
      command: `pulumi config set ${example}`,
    };
  });
}

/** A CA that can't be GitLab's, and programs that don't trust it. */
function checkCaCertificate(
  source: CaSource | undefined,
  gitlabHost: string,
  env: NodeJS.ProcessEnv,
): { readonly value?: CaCertificate; readonly problems: readonly Problem[] } {
  if (source === undefined) return { problems: [] };
  const certificate = readCaCertificate(source);
  const command = formatSet("caCertificate", caCertificateKey, gitlabHost);
  const describe = (text: string) => ({ text: `\`caCertificate\` ${text}`, command });
  if (!certificate.ok) {
    return { problems: certificate.findings.map(({ text }) => describe(text)) };
  }
  const { value } = certificate;
  const unfit = findAuthorityProblems(value, gitlabHost);
  if (unfit.length > 0) return { problems: unfit.map(describe) };
  const untrusting = findVariablesWithoutCa(value.pem, env);
  if (untrusting.length === 0) return { value, problems: [] };
  const variables = untrusting.map((variable) => `\`${variable}\``).join(" and ");
  return {
    problems: [
      {
        text: `\`caCertificate\` is not trusted by the programs that build and push. They use ${variables}, which this program can't set.`,
        command: 'eval "$(npx slipway env)"',
      },
    ],
  };
}

/** Whether there is a token for GitLab's API: any of the provider's ways will do. */
function findTokenProblems(
  { secrets }: ConfiguredStack,
  { configFile, enableAutoCiSupport, token }: ParsedConfig["gitlab"],
  env: NodeJS.ProcessEnv,
): Problem[] {
  if (token !== undefined && !secrets.includes("gitlab:token")) {
    return [
      {
        text: "`gitlab:token` is stored in plain text. Revoke that token, and store a new one as a secret.",
        command: "pulumi config set --secret gitlab:token",
      },
    ];
  }
  if (token !== undefined) return [];
  if (isFileVariable(env, "GITLAB_TOKEN")) {
    return [
      {
        text: "`GITLAB_TOKEN` is the path of a file. If it is a variable of GitLab, change its type from File to Variable.",
        command: 'export GITLAB_TOKEN="$(cat "$GITLAB_TOKEN")"',
      },
    ];
  }
  if (env.GITLAB_TOKEN || configFile !== undefined || enableAutoCiSupport) return [];
  return [
    {
      text: "`GITLAB_TOKEN` is not set. It is an access token of scope `api`, of a Maintainer of the project (Owner of `group`, if that is set).",
      command: "export GITLAB_TOKEN=<token>",
    },
  ];
}
