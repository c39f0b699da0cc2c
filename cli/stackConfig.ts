import { caCertificateKey, readCaCertificate } from "../config/caCertificate";
import { clockOffsetVariable, readClock } from "../config/environment";
import { findGitLabHost } from "../config/gitlab";
import { type ParsedConfig, parseStackConfig } from "../config/parse";
import { formatProblems } from "../components/problem";
import { describeFindings } from "../config/problems";
import { describeFinding, type Result } from "../config/result";
import { UserError } from "./errors";

/**
 * Reads a stack's configuration without its secrets.
 *
 * @param values the stack's values, by `namespace:key`
 * @throws UserError with all problems of single keys
 */
export function readStackConfig(
  project: string,
  stack: string,
  values: Readonly<Record<string, string>>,
): ParsedConfig {
  const config = parseStackConfig(project, { values, secrets: [] });
  const problems = describeFindings(config, findGitLabHost(config.gitlab.baseUrl, process.env));
  if (problems.length === 0) return config;
  throw new UserError(
    `The configuration of stack \`${stack}\` is invalid:\n${formatProblems(problems)}`,
  );
}

/**
 * The PEM text of `caCertificate`.
 *
 * @param value the key's text
 * @param folder the folder of Pulumi.yaml
 * @throws UserError if it is not a CA, or its file does not exist
 */
export function readCertificate(value: string, folder: string): string {
  const remedy =
    "Set it to the CA that signed GitLab's certificate: pulumi config set caCertificate <file>";
  const source = getValue(caCertificateKey.parse(value), "caCertificate", remedy);
  if (source === undefined) return "";
  return getValue(readCaCertificate(source, folder), "caCertificate", remedy).pem;
}

/** The time that decides which tokens are due. @throws UserError if the sandbox's variable is invalid */
export function readNow(env: NodeJS.ProcessEnv): Date {
  return getValue(readClock(env), clockOffsetVariable);
}

/**
 * The value of a result.
 *
 * @param key what the findings are about, as the message names it
 * @param remedy a last line of the message
 * @throws UserError with all findings
 */
export function getValue<T>(result: Result<T>, key: string, ...remedy: string[]): T {
  if (result.ok) return result.value;
  const lines = result.findings.map((finding) => describeFinding(key, finding));
  throw new UserError([...lines, ...remedy].join("\n"));
}
